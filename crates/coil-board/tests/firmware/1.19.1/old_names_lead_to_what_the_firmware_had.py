import ussl, usocket

print([n for n in dir(ussl) if n[:4] not in ('CERT', 'SSLS')])
print(hasattr(usocket, 'MSG_PEEK'))
