using System.Runtime.Intrinsics.X86;
using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>The four words that CPUID answers with.</summary>
public struct CpuidResult
{
    /// <summary>EAX.</summary>
    public uint Eax;

    /// <summary>EBX.</summary>
    public uint Ebx;

    /// <summary>ECX.</summary>
    public uint Ecx;

    /// <summary>EDX.</summary>
    public uint Edx;
}

/// <summary>Instructions of the running core. One method per instruction, or per sequence that must not be torn apart.</summary>
public static unsafe class Cpu
{
    /// <summary>Time-stamp counter of this core, in ticks of its own (the clock converts).</summary>
    [Advances]
    [InterruptSafe, NoPanic, NoBlock]
    public static ulong ReadTsc() => Stubs.ReadTsc();

    /// <summary>Asks the CPU about itself (Intel SDM Vol. 2A, "CPUID").</summary>
    [Trusted(Safety = "The stub writes the four words of a local.")]
    public static CpuidResult Cpuid(uint leaf, uint subleaf)
    {
        CpuidResult result;
        Stubs.Cpuid(leaf, subleaf, &result);
        return result;
    }

    /// <summary>Whether page tables can map 1 GiB at once (Intel SDM Vol. 2A, "CPUID", "Extended Function CPUID Information": 80000001H, EDX bit 26).</summary>
    /// <remarks>Every CPU that has 64-bit mode has that leaf: the mode is told in it.</remarks>
    public static bool MapsHugePages() => (Cpuid(0x8000_0001, 0).Edx & (1u << 26)) != 0;

    /// <summary>PAUSE, in every loop that waits for another core.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Pause() => X86Base.Pause();

    /// <summary>Masks interrupts. They are masked whenever C# runs, but in the two methods below.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void DisableInterrupts() => Stubs.DisableInterrupts();

    /// <summary>Halts with interrupts as they are: for ever when they are masked, but for NMI and INIT.</summary>
    [InterruptSafe, NoPanic]
    public static void Halt() => Stubs.Halt();

    /// <summary>Sleeps until an interrupt, takes it, masks interrupts again. One that is pending already is not missed.</summary>
    [Blocks]
    public static void SleepUntilInterrupt() => Stubs.EnableInterruptsAndHalt();

    /// <summary>Takes the interrupts that are pending, without waiting.</summary>
    public static void TakePendingInterrupts() => Stubs.OpenInterrupts();

    /// <summary>Forgets this core's translation of one page.</summary>
    public static void InvalidatePage(ulong virtualAddress) => Stubs.InvalidatePage(virtualAddress);

    /// <summary>Linear address of the last page fault.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static ulong FaultAddress() => Stubs.ReadCr2();

    /// <summary>Physical address of the PML4 in use.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static ulong PageTables() => Stubs.ReadCr3();

    /// <summary>Goes over to other page tables, which map everything that is the kernel's as before. Forgets all
    /// translations that are not global.</summary>
    /// <param name="tables">Physical address of the PML4.</param>
    [InterruptSafe, NoPanic, NoBlock]
    public static void UsePageTables(ulong tables) => Stubs.WriteCr3(tables);

    /// <summary>The same as the last thing that a function does.</summary>
    /// <param name="tables">Physical address of the PML4.</param>
    /// <param name="result">What the function returns, which it so need not keep.</param>
    /// <returns><paramref name="result"/>.</returns>
    [InterruptSafe, NoPanic, NoBlock]
    public static ulong UsePageTables(ulong tables, ulong result) => Stubs.WriteCr3AndReturn(tables, result);

    /// <summary>CR4.</summary>
    public static ulong ReadCr4() => Stubs.ReadCr4();

    /// <summary>Sets CR4.</summary>
    public static void WriteCr4(ulong value) => Stubs.WriteCr4(value);

    /// <summary>What the linker knows of the image.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "The linker lays the block out in read-only data, which every instance maps.")]
    public static ref readonly ImageInfo Image() => ref *Stubs.ImageInfo();

    /// <summary>Leaves the current page tables and stack for an instance's own. Never returns.</summary>
    public static void EnterInstance(ulong tables, ulong entryTsc) => Stubs.EnterInstance(tables, entryTsc);

    /// <summary>Executes UD2. Only fault injection does.</summary>
    public static void UndefinedInstruction() => Stubs.UndefinedInstruction();

    /// <summary>Pushes until the guard page below the stack stops it. Only fault injection does.</summary>
    public static void ExhaustStack() => Stubs.ExhaustStack();

    /// <summary>Calls whatever is at an address. Only fault injection does: no other call goes where nobody knows.</summary>
    public static void CallAddress(ulong address) => Stubs.CallAddress(address);
}
