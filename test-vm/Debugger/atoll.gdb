# For debugging a kernel image: gdb -x test-vm/Debugger/atoll.gdb artifacts/atoll.elf, in the root of the repository.
# docs/debugging.md tells what can be seen.

set pagination off
set confirm off
set print pretty on
set architecture i386:x86-64

# The build puts /_/ in place of the repository's path.
set substitute-path /_ .

# Each core is a thread. One that steps does not let the others run on. GDB takes this only from a running target.
define target hookpost-remote
set scheduler-locking step
end

# The state of the selected thread's instance. Every instance maps its own at this address (ImageLayout.StatePage):
# 'print *$instance', or 'thread apply all print $instance->Core'.
set $instance = (Atoll_Instance_Atoll_Instance_InstanceState *) 0xffffffff8030a000
