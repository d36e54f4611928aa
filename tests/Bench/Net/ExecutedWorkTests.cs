using Atoll.Bench.Net;

namespace Atoll.Bench.Tests.Net;

/// <summary>What was executed is counted for who can have executed it, on logs made by hand.</summary>
public sealed class ExecutedWorkTests
{
    private const ulong Kernel = 0xFFFF_FFFF_8020_0000;
    private const ulong Entry = Kernel + 0x80;

    // nop; jmp over two bytes of nothing; nop; nop. (Intel SDM Vol. 2: 0x90, 0xEB, 0xCC)
    private static readonly ProgramCode s_first = new("first", 0x400000, [0x90, 0xEB, 0x02, 0xCC, 0xCC, 0x90, 0x90]);

    // mov eax, imm32; nop; nop.
    private static readonly ProgramCode s_second = new("second", 0x400000, [0xB8, 0, 0, 0, 0, 0x90, 0x90]);

    [Fact]
    public void Programs_AreToldApart_ByTheirInstructions()
    {
        ExecutedWork work = Count(0x400000, 0x400001, 0x400005, Entry, Kernel, 0x400000, 0x400005, 0x400006, Entry);

        Assert.Equal((3L, 3L, 3L, 0L), (work.Of("first"), work.Of("second"), work.Of("kernel"), work.Of("others")));
        Assert.Equal(9, work.Total);
        Assert.Equal(2, work.KernelEntries);
    }

    [Fact]
    public void WhatNobodyCanHaveExecuted_IsNotGivenToSomebody()
    {
        ExecutedWork work = Count(0x400000, 0x400006, Entry, 0x400002);

        Assert.Equal((0L, 0L, 3L), (work.Of("first"), work.Of("second"), work.Of("others")));
    }

    /// <summary>An access of a device is in QEMU's log twice.</summary>
    [Fact]
    public void InstructionThatIsBegunTwice_CountsOnce()
    {
        ExecutedWork work = Count(0x400000, 0x400001, 0x400001, 0x400005, Entry, Entry);

        Assert.Equal((3L, 1L, 1L), (work.Of("first"), work.Of("kernel"), work.KernelEntries));
    }

    [Theory]
    [InlineData(1000, 1000, 1.0)]
    [InlineData(1000, 500, 0.5)]
    public void Overload_IsGoodputAtTwiceTheBestLoad(double peak, double beyond, double expected)
    {
        double Goodput(double load) => load <= peak ? load : load < 1.6 * peak ? peak * 0.99 : beyond;

        Assert.InRange(Overload.Measure(Goodput, first: 100), expected * 0.8, expected * 1.2);
    }

    private static ExecutedWork Count(params ulong[] executed) => ExecutedWork.Count(executed, address => address == Entry, [s_first, s_second]);
}
