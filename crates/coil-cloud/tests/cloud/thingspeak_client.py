"""The calls of PyPI's thingspeak 1.0.0, unmodified, against a cloud: thingspeak_client.py SERVER CHANNEL KEY."""

import json
import sys
from xml.etree import ElementTree

import requests
import thingspeak

server, number, key = sys.argv[1:]


def channel(form, with_key=key):
    return thingspeak.Channel(number, with_key, fmt=form, timeout=10, server_url=server)


text, as_json, as_xml = (channel(form) for form in ("txt", "json", "xml"))

assert text.update({"field1": 17, "field2": "wet"}) == "1"
entry = json.loads(as_json.update({"field1": 18.5, "status": "fine"}))
assert entry["entry_id"] == 2 and entry["field1"] == "18.5" and entry["status"] == "fine"
assert ElementTree.fromstring(as_xml.update({"field1": 19})).findtext("entry-id") == "3"

feed = json.loads(as_json.get({"results": 2}))
assert feed["channel"]["id"] == int(number) and feed["channel"]["last_entry_id"] == 3
assert [one["field1"] for one in feed["feeds"]] == ["18.5", "19"]
document = ElementTree.fromstring(as_xml.get())
assert [one.text for one in document.iter("field1")] == ["Field 1", "17", "18.5", "19"]
assert json.loads(text.get()) == json.loads(as_json.get())

assert [one["field2"] for one in json.loads(as_json.get_field(2))["feeds"]] == ["wet", None, None]
assert text.get_field_last(2) == "wet"
assert json.loads(as_json.get_field_last(1))["field1"] == "19"
assert json.loads(as_json.get_last_data_age(1))["last_data_age_units"] == "s"
assert json.loads(as_json.view())["name"] == "one"

for wrong, status in ((channel("txt", "nonsense"), 400), (channel("json", "nonsense"), 401)):
    try:
        wrong.update({"field1": 1})
        raise SystemExit("an update with a wrong key went through")
    except requests.HTTPError as error:
        assert error.response.status_code == status

sys.stdout.write("all passed\n")
