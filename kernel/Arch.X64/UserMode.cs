using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>The way to ring 3 and back (docs/system-calls.md).</summary>
/// <remarks>Sources: Intel SDM Vol. 3A, "Fast System Calls in 64-Bit Mode"; Vol. 2B, "SYSCALL", "SYSRET"; Vol. 4,
/// "Model-Specific Registers".</remarks>
public static class UserMode
{
    private const ulong IA32_EFER_SCE = 1;

    /// <summary>SYSCALL loads CS from here, and SS from 8 above.</summary>
    private const ulong SyscallSelectors = ImageLayout.KernelCodeSelector;

    /// <summary>SYSRET loads SS from 8 above, and CS from 16 above, both with privilege level 3.</summary>
    private const ulong SysretSelectors = ImageLayout.UserDataSelector - 8;

    /// <summary>Lets programs of this core make system calls. Before the first <see cref="Resume"/>.</summary>
    public static void Enable()
    {
        Msr.Write(Msr.IA32_STAR, (SysretSelectors << 48) | (SyscallSelectors << 32));
        Msr.Write(Msr.IA32_LSTAR, Stubs.SyscallEntry());
        Msr.Write(Msr.IA32_FMASK, UserFlags.ClearedOnEntry);
        Msr.Write(Msr.IA32_SYSENTER_CS, 0);
        Msr.Write(Msr.IA32_EFER, Msr.Read(Msr.IA32_EFER) | IA32_EFER_SCE);
    }

    /// <summary>Runs a thread, from the event loop. Never returns: the stack is given up.</summary>
    /// <param name="exitWord">Window address of its <see cref="ThreadContext"/>, or <see cref="ExitWord.Idle"/> for an event
    /// loop on an empty stack.</param>
    public static void Resume(ulong exitWord) => Stubs.Resume(exitWord);

    /// <summary>Sets the base of FS of the thread that goes on without a switch. Others get theirs at the switch.</summary>
    /// <param name="entry">What the trampolines know.</param>
    /// <param name="address">A canonical address of the lower half.</param>
    public static void SetLocalBase(ref EntryState entry, ulong address)
    {
        if (address >= UserSpace.End)
        {
            Panic.Halt();
        }

        Msr.Write(Msr.IA32_FS_BASE, address);
        entry.LoadedFsBase = address;
    }
}
