# The cloud: read this device's key, then send a value and read it back.
import json

import urequests

name = "device00"

response = urequests.get("http://my-json-server.typicode.com/workshop/course/posts/" + name)
print(response.status_code, response.reason)
key = response.json()["key"]
response.close()
print("key", key)

url = "https://api-m2x.att.com/v2/devices/" + key + "/streams/numeric"
headers = {"X-M2X-KEY": key, "Content-Type": "application/json"}

response = urequests.put(url + "/value", data=json.dumps({"value": 5}), headers=headers)
print(response.status_code, response.text)
response.close()

response = urequests.get(url, headers=headers)
print("value", response.json()["value"])
response.close()
