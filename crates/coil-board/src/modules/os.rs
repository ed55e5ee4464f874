//! `os` and `vfs`: files and directories.

use crate::vfs::{self, Entry, Volume, check, user_call, volume};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, ModuleDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm};

/// `os`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "os",
    items: &[
        def("chdir(path)", chdir),
        def("dupterm(stream, index=)", |_, _| Ok(Value::NONE)),
        def("getcwd()", |vm, _| {
            let path = vfs::current(vm);
            vm.new_str(path.as_bytes())
        }),
        def("ilistdir(path=)", ilistdir),
        def("listdir(path=)", listdir),
        def("mkdir(path)", |vm, a| change(vm, a, "mkdir")),
        MOUNT,
        def("remove(path)", |vm, a| change(vm, a, "remove")),
        def("rename(from, to)", rename),
        def("rmdir(path)", |vm, a| change(vm, a, "rmdir")),
        Item::Str("sep", "/"),
        def("stat(path)", stat),
        def("statvfs(path)", statvfs),
        def("sync()", |_, _| Ok(Value::NONE)),
        UMOUNT,
        def("uname()", uname),
        def("unlink(path)", |vm, a| change(vm, a, "remove")),
        def("urandom(n)", |vm, a| {
            let Ok(n) = usize::try_from(vm.expect_int(vm.arg(a, 0))?) else {
                return Err(vm.value_error(""));
            };
            let n = n.min(1 << 16);
            let bytes: Vec<u8> = (0..n).map(|_| vm.port.random() as u8).collect();
            vm.new_bytes(&bytes)
        }),
        Item::Type("_FileIO", &vfs::BINARY),
        Item::Type("_TextIOWrapper", &vfs::TEXT),
    ],
    attr: None,
};

/// `vfs`
pub(crate) static VFS: ModuleDef = ModuleDef { name: "vfs", items: &[MOUNT, UMOUNT], attr: None };

const MOUNT: Item = def_raw("mount(object=, point=, **kw)", |vm, a| {
    if a.n == 0 {
        let mut list = Vec::new();
        for (object, point) in vfs::mounted(vm) {
            let point = vm.new_str(point.as_bytes())?;
            let object = match object {
                Some(o) => o,
                None => vm.intern("VfsLfs2").into(),
            };
            list.push(vm.new_tuple(&[object, point])?);
        }
        return vm.new_list(&list);
    }
    if a.n < 2 {
        return Err(vm.arg_count_error(a.n, 2, 2));
    }
    let point = vm.expect_string(vm.arg(a, 1))?;
    vfs::mount(vm, vm.arg(a, 0), &point)?;
    Ok(Value::NONE)
});

const UMOUNT: Item = def("umount(point)", |vm, a| {
    vfs::umount(vm, vm.arg(a, 0))?;
    Ok(Value::NONE)
});

fn path_arg(vm: &mut Vm, args: Args, i: usize) -> Result<String, Raised> {
    if i >= args.n { Ok(String::new()) } else { vm.expect_string(vm.arg(args, i)) }
}

fn chdir(vm: &mut Vm, args: Args) -> Res {
    let path = path_arg(vm, args, 0)?;
    vfs::chdir(vm, &path)?;
    Ok(Value::NONE)
}

/// The entries of a directory of the flash, mount points of the root included; or the iterator of
/// a mounted object.
fn entries(vm: &mut Vm, path: &str) -> Result<Result<Vec<Entry>, Value>, Raised> {
    let whole = vfs::absolute(vm, path);
    match volume(vm, path)? {
        (Volume::Flash(fs), inner) => {
            let mut list = check(vm, fs.list(&inner))?;
            if whole == "/" {
                for (_, point) in vfs::mounted(vm) {
                    if point != "/" {
                        list.push(Entry {
                            name: point.trim_start_matches('/').into(),
                            is_dir: true,
                            size: 0,
                        });
                    }
                }
            }
            Ok(Ok(list))
        }
        (Volume::User(place), inner) => {
            let name = vm.new_str(inner.as_bytes())?;
            user_call(vm, place, "ilistdir", &[name]).map(Err)
        }
    }
}

fn ilistdir(vm: &mut Vm, args: Args) -> Res {
    let path = path_arg(vm, args, 0)?;
    let list = match entries(vm, &path)? {
        Err(iterator) => return Ok(iterator),
        Ok(list) => list,
    };
    // Given bytes, the names are bytes.
    let as_bytes = args.n > 0 && !vm.is_str(vm.arg(args, 0));
    let mut tuples = Vec::new();
    for e in list {
        let name = if as_bytes {
            vm.new_bytes(e.name.as_bytes())?
        } else {
            vm.new_str(e.name.as_bytes())?
        };
        let kind = if e.is_dir { 0x4000 } else { 0x8000 };
        tuples.push(vm.new_tuple(&[
            name,
            Value::int(kind),
            Value::int(0),
            Value::int(i64::from(e.size)),
        ])?);
    }
    let list = vm.new_list(&tuples)?;
    vm.iter(list)
}

fn listdir(vm: &mut Vm, args: Args) -> Res {
    let path = path_arg(vm, args, 0)?;
    let mut names = Vec::new();
    match entries(vm, &path)? {
        Ok(list) => {
            for e in list {
                names.push(vm.new_str(e.name.as_bytes())?);
            }
        }
        Err(iterator) => {
            for entry in vm.collect_iterable(iterator)? {
                names.push(vm.tuple_item(entry, 0));
            }
        }
    }
    vm.new_list(&names)
}

fn change(vm: &mut Vm, args: Args, what: &str) -> Res {
    let path = path_arg(vm, args, 0)?;
    match volume(vm, &path)? {
        (Volume::Flash(fs), inner) => {
            if what == "mkdir" {
                check(vm, fs.mkdir(&inner))?;
            } else {
                let e = check(vm, fs.stat(&inner))?;
                if what == "rmdir" && !e.is_dir {
                    return Err(vm.os_error(20));
                }
                check(vm, fs.remove(&inner))?;
            }
            Ok(Value::NONE)
        }
        (Volume::User(place), inner) => {
            let name = vm.new_str(inner.as_bytes())?;
            user_call(vm, place, what, &[name])
        }
    }
}

fn rename(vm: &mut Vm, args: Args) -> Res {
    let (from, to) = (path_arg(vm, args, 0)?, path_arg(vm, args, 1)?);
    match (volume(vm, &from)?, volume(vm, &to)?) {
        ((Volume::Flash(fs), from), (Volume::Flash(_), to)) => {
            check(vm, fs.rename(&from, &to))?;
            Ok(Value::NONE)
        }
        ((Volume::User(a), from), (Volume::User(b), to)) if a == b => {
            let (from, to) = (vm.new_str(from.as_bytes())?, vm.new_str(to.as_bytes())?);
            user_call(vm, a, "rename", &[from, to])
        }
        _ => Err(vm.os_error(1)),
    }
}

fn stat(vm: &mut Vm, args: Args) -> Res {
    let path = path_arg(vm, args, 0)?;
    match volume(vm, &path)? {
        (Volume::Flash(fs), inner) => {
            let e = check(vm, fs.stat(&inner))?;
            let mut fields = [Value::int(0); 10];
            fields[0] = Value::int(if e.is_dir { 0x4000 } else { 0x8000 });
            fields[6] = Value::int(i64::from(e.size));
            vm.new_tuple(&fields)
        }
        (Volume::User(place), inner) => {
            let name = vm.new_str(inner.as_bytes())?;
            user_call(vm, place, "stat", &[name])
        }
    }
}

fn statvfs(vm: &mut Vm, args: Args) -> Res {
    let path = path_arg(vm, args, 0)?;
    match volume(vm, &path)? {
        (Volume::Flash(fs), _) => {
            let (total, free) = fs.space();
            let n = |i: u32| Value::int(i64::from(i));
            let zero = Value::int(0);
            vm.new_tuple(&[
                n(4096),
                n(4096),
                n(total),
                n(free),
                n(free),
                zero,
                zero,
                zero,
                zero,
                n(255),
            ])
        }
        (Volume::User(place), inner) => {
            let name = vm.new_str(inner.as_bytes())?;
            user_call(vm, place, "statvfs", &[name])
        }
    }
}

fn uname(vm: &mut Vm, _: Args) -> Res {
    let profile = crate::chip::Chip::of(vm).profile.clone();
    let texts = [
        String::from("esp32"),
        String::from("esp32"),
        profile.version.clone(),
        format!("v{} on {}", profile.version, profile.date),
        profile.board_name.clone(),
    ];
    let mut values = Vec::new();
    for t in texts {
        values.push(vm.new_str(t.as_bytes())?);
    }
    vm.new_attr_tuple(&["sysname", "nodename", "release", "version", "machine"], &values)
}
