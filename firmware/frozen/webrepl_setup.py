# Asks whether WebREPL is to start with the board, and with which password: `import webrepl_setup`.
import os
import sys

import machine

RC = "./boot.py"
CONFIG = "./webrepl_cfg.py"
LINES = ("import webrepl", "webrepl.start()")


def input_choice(prompt, choices):
    while True:
        answer = input(prompt)
        if answer in choices:
            return answer


def getpass(prompt):
    return input(prompt)


def input_pass():
    while True:
        word = getpass("New password (4-9 chars): ")
        if not 4 <= len(word) <= 9:
            print("Invalid password length")
        elif getpass("Confirm password: ") == word:
            return word
        else:
            print("Passwords do not match")


def exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


# Whether it starts now; None if boot.py does not speak of it.
def get_daemon_status():
    with open(RC) as f:
        for line in f:
            if "webrepl" in line:
                return not line.startswith("#")


# Makes boot.py start it, or not.
def change_daemon(action):
    new = RC + ".tmp"
    found = False
    with open(RC) as old, open(new, "w") as f:
        for line in old:
            if any(l in line for l in LINES):
                found = True
                if line.startswith("#") == action:
                    line = line[1:] if action else "#" + line
            f.write(line)
        if not found:
            f.write("\n".join(LINES) + "\n")
    # A FAT file system does not replace a file by renaming another.
    os.remove(RC)
    os.rename(new, RC)


def main():
    status = get_daemon_status()
    print("WebREPL daemon auto-start status:", "enabled" if status else "disabled")
    print("\nWould you like to (E)nable or (D)isable it running on boot?")
    print("(Empty line to quit)")
    answer = input("> ").upper()
    if answer == "E":
        new_word = "y"
        if exists(CONFIG):
            new_word = input_choice("Would you like to change WebREPL password? (y/n) ", ("y", "n", ""))
        else:
            print("To enable WebREPL, you must set password for it")
        if new_word == "y":
            word = input_pass()
            with open(CONFIG, "w") as f:
                f.write("PASS = %r\n" % word)
    if answer not in ("D", "E") or (answer == "E") == bool(status):
        print("No further action required")
        sys.exit()
    change_daemon(answer == "E")
    print("Changes will be activated after reboot")
    if input_choice("Would you like to reboot now? (y/n) ", ("y", "n", "")) == "y":
        machine.reset()


main()
