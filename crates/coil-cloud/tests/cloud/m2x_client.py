"""The calls of PyPI's m2x 5.5.0, unmodified, against a cloud: m2x_client.py ENDPOINT KEY."""

import datetime
import sys

import requests
from m2x.client import M2XClient

client = M2XClient(key=sys.argv[2], endpoint=sys.argv[1])
OLD = "2014-01-01T00:00:00Z"

assert client.status() == {"api": "OK", "triggers": "OK"}
assert set(client.time()) == {"seconds", "millis", "iso8601"}
assert int(client.time_seconds()) > 1e9 and int(client.time_millis()) > 1e12
assert client.time_iso8601().endswith(b"Z")

device = client.create_device(name="lamp", visibility="public", serial="s1", tags="a,b")
assert [one.name for one in client.devices()] == ["lamp"]
assert client.device(device.id).serial == "s1"
assert len(list(client.devices_search(data={"name": "lamp"}))) == 1
assert len(list(client.device_catalog())) == 1
assert client.device_tags() == {"a": 1, "b": 1}

stream = device.create_stream("temp", unit={"label": "celsius", "symbol": "C"}, type="numeric")
assert [one.name for one in device.streams()] == ["temp"]
assert stream.add_value(5) == {"status": "accepted"}
stream.add_value(6, timestamp=datetime.datetime(2020, 1, 1))
stream.post_values([{"timestamp": OLD, "value": 1}])
assert [one["value"] for one in stream.values()["values"]] == [5, 6, 1]
assert stream.stats()["stats"]["count"] == 3
assert stream.stats(start="2019-01-01T00:00:00Z")["stats"]["count"] == 2
assert len(stream.sampling(interval=60)["values"]) == 3
stream.update(display_name="Temperature")
stream.delete_values(start=OLD, stop=OLD)
assert stream.stats()["stats"]["count"] == 2

device.post_updates(values={"temp": [{"timestamp": OLD, "value": 3}], "light": [{"timestamp": OLD, "value": 9}]})
device.post_update(values={"temp": 4, "light": 8})
found = device.values_search(start=OLD, end="2100-01-01T00:00:00Z", streams=["temp"], conditions={"light": {"gt": 8}})
assert [one["values"] for one in found["values"]] == [{"temp": 3}], found

assert device.location() == {} or not device.location()
device.update_location(latitude=50.1, longitude=14.2, name="Prague")
assert device.location()["name"] == "Prague"
assert len(device.location_history()["waypoints"]) == 1
device.delete_location_history(data={"from": OLD, "end": OLD})
device.update_metadata({"owner": "me"})
device.update_metadata_field("owner", "you")
assert device.read_metadata() == {"owner": "you"}
assert device.read_metadata_field("owner") == {"value": "you"}
assert device.log()["requests"]
device.update(name="lamp 2", visibility="private")

job = client.job(device.values_export().headers["location"].split("/")[-1])
assert requests.get(job.data["result"]["url"]).text.startswith("timestamp,light,temp\n")

key = client.create_key(name="k", permissions=["GET", "PUT"])
assert len(client.keys()) == 2
before = key.key
key.regenerate()
assert key.key != before
key.update(name="k2", permissions=["GET"])
key.remove()
device.create_key(name="own", permissions=["GET"])
assert len(device.keys()) == 2

distribution = client.create_distribution(name="boards", visibility="public")
distribution.add_device({"serial": "s77"})
assert len(list(distribution.devices())) == 1
distribution.update(name="boards 2", visibility="private")
collection = client.create_collection(name="house")
collection.add_device(device.id)
assert len(list(collection.devices())) == 1
collection.remove_device(device.id)

command = client.send_command(name="SAY", data={"text": "hi"}, targets={"devices": [device.id]})
assert [one["id"] for one in device.commands()["commands"]] == [command.id]
assert device.command(command.id)["data"] == {"text": "hi"}
device.process_command(command.id, said=True)
assert client.command(command.id).data["status_counts"]["processed"] == 1

try:
    M2XClient(key="nonsense", endpoint=sys.argv[1]).devices()
    raise SystemExit("a call with a wrong key went through")
except requests.HTTPError as error:
    assert error.response.status_code == 401

for thing in (collection, distribution, stream, device):
    thing.remove()
sys.stdout.write("all passed\n")
