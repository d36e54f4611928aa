using Atoll.Abi;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Provision;
using Atoll.Trap;

namespace Atoll.Kernel.Tests.Trap;

/// <summary>A crash on the serial line, as docs/serial.md lists it.</summary>
public sealed unsafe class CrashReportTests : IDisposable
{
    private static readonly string[] s_registers =
        ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private readonly SimulatedInstance _instance = new(core: 2);

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Report_HasEveryRecordAndKey()
    {
        CrashRecord record = Record();
        _instance.RunOnCore(() => CrashReport.Write(in record));

        Assert.Equal(
            [
                "core 2: panic, page-fault at 0xffffffff80200123",
                "@panic core=2 reason=page-fault vector=14 error=0x3 rip=0xffffffff80200123 rsp=0xffffffff80302ff8 "
                + "rflags=0x10046 cr2=0xdead000 cr3=0x500000 build=000102030405060708090a0b0c0d0e0f10111213",
                .. s_registers.Select((name, i) => $"@register core=2 name={name} value=0x{0x1000 + i:x}"),
                "@frame core=2 index=0 address=0xffffffff80200123",
                "@frame core=2 index=1 address=0xffffffff80200456",
            ],
            _instance.Core.Uart.Lines);
    }

    /// <summary>The record comes from a dead instance's page: a frame count beyond the room is cut.</summary>
    [Theory]
    [InlineData(32u, 32)]
    [InlineData(33u, 32)]
    [InlineData(uint.MaxValue, 32)]
    [InlineData(0u, 0)]
    public void FrameCount_IsBounded(uint claimed, int expected)
    {
        CrashRecord record = Record();
        record.FrameCount = claimed;
        _instance.RunOnCore(() => CrashReport.Write(in record));

        Assert.Equal(
            expected, _instance.Core.Uart.Lines.Count(line => line.StartsWith("@frame ", StringComparison.Ordinal)));
    }

    /// <summary>
    /// Names of docs/serial.md at the vectors of Intel SDM Vol. 3A, "Protected-Mode Exceptions and Interrupts".
    /// </summary>
    [Fact]
    public void Reasons_AreThoseOfTheVectors()
    {
        Dictionary<ulong, string> names = new()
        {
            [0] = "divide-error", [1] = "debug", [2] = "nmi", [3] = "breakpoint", [4] = "overflow",
            [5] = "bound-range", [6] = "invalid-opcode",
            [7] = "device-not-available", [8] = "double-fault", [10] = "invalid-tss", [11] = "segment-not-present",
            [12] = "stack-fault",
            [13] = "general-protection", [14] = "page-fault", [16] = "x87", [17] = "alignment-check",
            [18] = "machine-check", [19] = "simd",
            [0x20] = "check-failed",
        };

        for (ulong vector = 0; vector < 300; vector++)
        {
            Assert.Equal(names.GetValueOrDefault(vector, "exception"),
                System.Text.Encoding.ASCII.GetString(PanicReason.Name(vector)));
        }
    }

    [Fact]
    public void Record_HoldsWhatTheCoreWas()
    {
        _instance.State.Incarnation = 9;
        _instance.Core.FaultAddress = 0xFA017;
        _instance.Core.PageTables = 0x51_0000;
        TrapFrame frame = new() { Vector = 14, ErrorCode = 2, Rip = SampleImage.VirtualBase + 4, R12 = 12 };
        CrashRecord record = default;

        _instance.RunOnCore(() => InstancePanic.Record(in _instance.State, in frame, ref record));

        Assert.Equal((CrashRecord.MagicValue, 2ul, 9ul), (record.Magic, record.Core, record.Incarnation));
        Assert.Equal((0xFA017ul, 0x51_0000ul), (record.FaultAddress, record.PageTables));
        Assert.Equal((14ul, 2ul, 12ul), (record.Frame.Vector, record.Frame.ErrorCode, record.Frame.R12));
        Assert.Equal((1u, SampleImage.VirtualBase + 4), (record.FrameCount, record.Frames[0]));
        Assert.Equal("ATOLLDIE"u8.ToArray(), BitConverter.GetBytes(record.Magic));
    }

    private static CrashRecord Record()
    {
        CrashRecord record = default;
        record.Magic = CrashRecord.MagicValue;
        record.Core = 2;
        record.FaultAddress = 0xDEA_D000;
        record.PageTables = 0x50_0000;
        record.Frame.Vector = 14;
        record.Frame.ErrorCode = 3;
        record.Frame.Rip = 0xFFFF_FFFF_8020_0123;
        record.Frame.Rsp = 0xFFFF_FFFF_8030_2FF8;
        record.Frame.Rflags = 0x1_0046;
        for (int i = 0; i < BuildId.SizeBytes; i++)
        {
            record.Build[i] = (byte)i;
        }

        // The registers lie downwards from RAX at 368 to R15 at 256.
        for (int i = 0; i < s_registers.Length; i++)
        {
            *(ulong*)((byte*)&record.Frame + 368 - (8 * i)) = 0x1000 + (ulong)i;
        }

        record.FrameCount = 2;
        record.Frames[0] = record.Frame.Rip;
        record.Frames[1] = 0xFFFF_FFFF_8020_0456;
        return record;
    }
}
