# What happens when responses are not closed: the second TLS session finds no memory.
import urequests

kept = []
for i in range(1, 3):
    print("request", i)
    kept.append(urequests.get("https://api-m2x.att.com/v2/time"))
