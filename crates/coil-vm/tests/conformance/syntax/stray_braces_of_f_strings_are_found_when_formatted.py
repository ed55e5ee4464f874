# An f-string and all literals next to it are one text to be formatted: braces that start no field
# are found when it runs.
x = 7
TEXT = r'''
f'{{', f'}}', f'{{}}', f'{{{x}}}', f'a{{b}}c', f'{x}{{}}', '{' '}', f'{{' 'a{{'
f'}'
f'a}b'
f'{x}}'
f'{x!r}}'
f'{x:{x}}}'
f'{y}}'
f'abc' '{y}'
f'' '{y}'
'{' f'abc'
'}' f'a'
'a{x}' f''
f'{x}' '{{', f'{x}' '}}', f'{x}' '%s'
f'{x}' '}'
f'{x}' '{0}'
f'{x}' '{}'
f'{x}' f'{{}}' '{}'
f'\x7d'
f'\x7b'
f'{x}\x7d'
f'\{x}'
f'{x}}' if 0 else 'not run'
def never():
    return f'}'
print(never.__name__)
try:
    never()
except ValueError as e:
    print(e)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)
