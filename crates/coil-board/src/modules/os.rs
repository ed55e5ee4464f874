//! `os` and `vfs`: files and directories.

use crate::dupterm;
use crate::vfs::{self, Path};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, ModuleDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm};

/// `os`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "os",
    items: &[
        def("chdir(path)", |vm, a| vfs::chdir(vm, vm.arg(a, 0))),
        def("dupterm(stream, index=)", dupterm::attach),
        def("dupterm_notify(x)", |vm, _| dupterm::fetch_all(vm)),
        def("getcwd()", |vm, _| vfs::getcwd(vm)),
        def("ilistdir(path=)", |vm, a| {
            let path = path(vm, a)?;
            vfs::ilistdir(vm, &path)
        }),
        def("listdir(path=)", listdir),
        def("mkdir(path)", |vm, a| vfs::mkdir(vm, vm.arg(a, 0))),
        MOUNT,
        def("remove(path)", |vm, a| vfs::change(vm, vm.arg(a, 0), "remove")),
        def("rename(from, to)", |vm, a| vfs::rename(vm, vm.arg(a, 0), vm.arg(a, 1))),
        def("rmdir(path)", |vm, a| vfs::change(vm, vm.arg(a, 0), "rmdir")),
        Item::Str("sep", "/"),
        def("stat(path)", |vm, a| vfs::stat(vm, vm.arg(a, 0))),
        def("statvfs(path)", |vm, a| vfs::statvfs(vm, vm.arg(a, 0))),
        def("sync()", |_, _| Ok(Value::NONE)),
        UMOUNT,
        def("uname()", uname),
        def("unlink(path)", |vm, a| vfs::change(vm, vm.arg(a, 0), "remove")),
        def("urandom(n)", |vm, a| {
            let Ok(n) = usize::try_from(vm.expect_int(vm.arg(a, 0))?) else {
                return Err(vm.value_error(""));
            };
            let n = n.min(1 << 16);
            let bytes: Vec<u8> = (0..n).map(|_| vm.port.random() as u8).collect();
            vm.new_bytes(&bytes)
        }),
        Item::Type("VfsFat", &vfs::VFS_FAT),
        Item::Type("VfsLfs2", &vfs::VFS_LFS2),
    ],
    attr: None,
};

/// `vfs`
pub(crate) static VFS: ModuleDef = ModuleDef {
    name: "vfs",
    items: &[
        MOUNT,
        UMOUNT,
        Item::Type("VfsFat", &vfs::VFS_FAT),
        Item::Type("VfsLfs2", &vfs::VFS_LFS2),
        // Types of objects that only functions make have to be in some module.
        Item::Type("_RootEntries", &vfs::ROOT_ENTRIES),
        Item::Type("_LfsEntries", &vfs::lfs::ENTRIES),
        Item::Type("_LfsText", &vfs::lfs::TEXT),
        Item::Type("_LfsBinary", &vfs::lfs::BINARY),
        Item::Type("_FatEntries", &vfs::fat::ENTRIES),
        Item::Type("_FatText", &vfs::fat::TEXT),
        Item::Type("_FatBinary", &vfs::fat::BINARY),
    ],
    attr: None,
};

const MOUNT: Item = def_kw("mount(object=, point=, *, readonly=, mkfs=)", |vm, a| {
    let [object, point, readonly, mkfs] = [0, 1, 2, 3].map(|i| vm.arg(a, i));
    if object.is_null() {
        let list = vm.new_list(&[])?;
        for (object, point) in vfs::mounted(vm) {
            let point = vm.new_str(point.as_bytes())?;
            let pair = vm.new_tuple(&[object, point])?;
            vm.list_append(list.as_ref().expect("a list is an object"), pair)?;
        }
        return Ok(list);
    }
    if point.is_null() {
        return Err(vm.type_error("'' argument required"));
    }
    let or_false = |v: Value| if v.is_null() { Value::FALSE } else { v };
    vfs::mount(vm, object, point, or_false(readonly), or_false(mkfs))?;
    Ok(Value::NONE)
});

const UMOUNT: Item = def("umount(point)", |vm, a| {
    vfs::umount(vm, vm.arg(a, 0))?;
    Ok(Value::NONE)
});

fn path(vm: &mut Vm, args: Args) -> Result<Path, Raised> {
    if args.n == 0 { Ok(Path::empty()) } else { Path::of(vm, vm.arg(args, 0)) }
}

fn listdir(vm: &mut Vm, args: Args) -> Res {
    let path = path(vm, args)?;
    let entries = vfs::ilistdir(vm, &path)?;
    vm.root(entries);
    let entries = vm.iter(entries)?;
    vm.root(entries);
    let list = vm.new_list(&[])?;
    loop {
        let mark = vm.mark();
        let entry = vm.next(entries)?;
        if entry == Value::STOP {
            return Ok(list);
        }
        vm.root(entry);
        let name = vm.get_item(entry, Value::int(0))?;
        vm.list_append(list.as_ref().expect("a list is an object"), name)?;
        vm.release(mark);
    }
}

fn uname(vm: &mut Vm, _: Args) -> Res {
    let profile = crate::chip::Chip::of(vm).profile.clone();
    let texts = [
        String::from("esp32"),
        String::from("esp32"),
        // A version has three numbers, its name may have two.
        profile.version.clone() + if profile.version.matches('.').count() < 2 { ".0" } else { "" },
        format!("v{} on {}", profile.version, profile.date),
        profile.board_name.clone(),
    ];
    let mut values = Vec::new();
    for t in texts {
        values.push(vm.new_str(t.as_bytes())?);
    }
    vm.new_attr_tuple(&["sysname", "nodename", "release", "version", "machine"], &values)
}
