// A learner sends values to the cloud, and sees them arrive and be refused.
import assert from "node:assert/strict";
import { runBeside } from "./pins.mjs";

const PROGRAM = `import json, time
import urequests
r = urequests.get("http://my-json-server.typicode.com/workshop/course/posts/device00")
key = r.json()["key"]
r.close()
base = "http://api-m2x.att.com/v2/devices/" + key + "/streams/temperature/value"
for value in (20.5, 21, 22.25):
    r = urequests.put(base, data=json.dumps({"value": value}), headers={"X-M2X-KEY": key, "Content-Type": "application/json"})
    r.close()
    time.sleep(0.2)
r = urequests.put(base, data='{"value": 1}', headers={"X-M2X-KEY": "wrong"})
r.close()
`;

export async function cloud(tools) {
  const { step, newPage, until } = tools;

  await step("values in the cloud are numbers and curves, and refusals say why", async (context) => {
    const page = await newPage(context);
    await runBeside(tools, page, "cloud", "sends.py", PROGRAM);
    const stream = page.locator(".device-card", { hasText: "device00" }).locator(".stream", { hasText: "temperature" });
    await until("the last value", async () => (await stream.locator(".value").innerText().catch(() => "")).startsWith("22.25"));
    await stream.click();
    await page.locator(".stream-chart canvas").waitFor();
    assert.equal(await stream.getAttribute("aria-expanded"), "true");
    const refused = page.locator(".request-rows li.refused").first();
    await refused.locator(".why", { hasText: /key/ }).waitFor();
    await refused.locator("summary").click();
    await refused.locator(".whole", { hasText: '"value": 1' }).waitFor();
    await page.locator(".only input").check();
    await until("refused ones alone", async () => (await page.locator(".request-rows li:visible:not(.refused)").count()) === 0);
    assert.match(await page.locator(".cloud-above a").getAttribute("href"), /^http/);
  });
}
