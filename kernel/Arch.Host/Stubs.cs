using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>Stands in for the machine instructions: each goes to the thread's <see cref="SimulatedMachine"/>.</summary>
internal static unsafe class Stubs
{
    private static SimulatedMachine Machine => SimulatedMachine.Current;

    internal static byte In8(ushort port) => Machine.ReadPort(port);

    internal static void Out8(ushort port, byte value) => Machine.WritePort(port, value);

    internal static ushort In16(ushort port) => (ushort)(Machine.ReadPort(port) | (Machine.ReadPort((ushort)(port + 1)) << 8));

    internal static void Out16(ushort port, ushort value)
    {
        Machine.WritePort(port, (byte)value);
        Machine.WritePort((ushort)(port + 1), (byte)(value >> 8));
    }

    internal static uint In32(ushort port) => In16(port) | ((uint)In16((ushort)(port + 2)) << 16);

    internal static void Out32(ushort port, uint value)
    {
        Out16(port, (ushort)value);
        Out16((ushort)(port + 2), (ushort)(value >> 16));
    }

    internal static ulong ReadMsr(uint register) => Machine.ReadMsr(register);

    internal static void WriteMsr(uint register, ulong value) => Machine.WriteMsr(register, value);

    internal static ulong ReadCr2() => Machine.FaultAddress;

    internal static ulong ReadCr3() => Machine.PageTables;

    internal static void WriteCr3(ulong value) => Machine.UsePageTables(value);

    internal static ulong WriteCr3AndReturn(ulong value, ulong result)
    {
        Machine.UsePageTables(value);
        return result;
    }

    internal static ulong SyscallEntry() => Machine.SyscallEntry;

    internal static void Resume(ulong exitWord) => Machine.Resume(exitWord);

    internal static ulong ReadCr4() => Machine.Cr4;

    internal static void WriteCr4(ulong value) => Machine.Cr4 = value;

    internal static void Cpuid(uint leaf, uint subleaf, CpuidResult* result) => *result = Machine.Cpuid(leaf, subleaf);

    internal static ulong ReadTsc() => Machine.ReadTsc();

    internal static void DisableInterrupts() => Machine.SetInterrupts(false);

    internal static void Halt() => Machine.Halt();

    internal static void EnableInterruptsAndHalt() => Machine.SleepUntilInterrupt();

    internal static void OpenInterrupts() => Machine.TakePendingInterrupts();

    internal static void InvalidatePage(ulong virtualAddress) => Machine.InvalidatePage(virtualAddress);

    internal static uint MmioRead32(uint* address) => Machine.ReadMmio((ulong)address);

    internal static void MmioWrite32(uint* address, uint value) => Machine.WriteMmio((ulong)address, value);

    internal static ImageInfo* ImageInfo() => Machine.Image;

    internal static void EnterInstance(ulong tables, ulong entryTsc) => Machine.EnterInstance(tables, entryTsc);

    internal static void CheckFailed() => throw new CheckFailedException();

    internal static void UndefinedInstruction() => Machine.Trap(6);

    internal static void ExhaustStack() => Machine.Trap(8);

    internal static void CallAddress(ulong address) => Machine.Trap(14);
}
