# Objects, attributes and methods.
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def add(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def norm(self):
        return self.x * self.x + self.y * self.y


def run(n):
    total = Vector(0, 0)
    step = Vector(1, 2)
    for i in range(n):
        if total.add(step).norm() > 1000000:
            total = Vector(0, 0)
    return total.x, total.y


print(run(200000))
