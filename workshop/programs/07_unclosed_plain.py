# What happens when responses are not closed: the eleventh finds no free socket.
import urequests

kept = []
for i in range(1, 12):
    print("request", i)
    kept.append(urequests.get("http://my-json-server.typicode.com/workshop/course/posts/device00"))
