using Atoll.Abi;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>The words of <see cref="EntryState"/>. Its page lies in the top 2 GiB, so that each address is a
/// sign-extended 32-bit displacement: no register is needed, where none is free.</summary>
internal static class EntryStateMemory
{
    /// <summary>Context of the running thread.</summary>
    public static AssemblerMemoryOperand Current => At(EntryState.CurrentOffset);

    /// <summary>Stack pointer of the thread that is in a system call.</summary>
    public static AssemblerMemoryOperand UserRsp => At(EntryState.UserRspOffset);

    /// <summary>What the base of FS is.</summary>
    public static AssemblerMemoryOperand LoadedFsBase => At(EntryState.LoadedFsBaseOffset);

    private static AssemblerMemoryOperand At(int offset) => __qword_ptr[unchecked((long)ImageLayout.StatePage + offset)];
}
