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

# The symbols of a program: 'program shell'. All programs begin at this address (ProgramManifest.DefaultBase), so one at a time.
set $program_is_known = 0
define program
  if $program_is_known
    remove-symbol-file -a 0x400000
  end
  add-symbol-file artifacts/programs/$arg0.elf
  set $program_is_known = 1
end
document program
Loads the symbols of one program of artifacts/programs, in place of the last one's: program NAME
end

# The name of the program that the selected thread runs, Init's excepted: 'x/s $program_name' (ProgramInformation.Name).
set $program_name = 0x200020
