from collections import namedtuple
Point = namedtuple("Point", ("x", "y"))
p = Point(1, y=2)
print(p, p.x, p[1], len(p), p == (1, 2), isinstance(p, tuple), Point.__name__)
x, y = p
print(x + y, p + (3,), list(p), p[0:1], hash(p) == hash((1, 2)))
for bad in (lambda: Point(), lambda: Point(1, 2, 3), lambda: Point(1, z=2), lambda: Point(1, x=2), lambda: namedtuple("T", 5),
            lambda: p.z, lambda: setattr(p, "x", 3), lambda: namedtuple(5, "a")):
    try:
        bad()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__)
print(namedtuple("Split", "a  b\tc")(1, 2, 3), namedtuple("One", ["a"])(1), namedtuple("None_", [])())
class Sub(Point):
    def sum(self):
        return self.x + self.y
print(Sub(3, 4).sum())
