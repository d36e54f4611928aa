using System;
using Atoll.Base;
using Atoll.Console;
using Atoll.Instance;

namespace Atoll.Trap;

/// <summary>Puts a crash record on the serial line.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class CrashReport
{
    /// <summary>Writes <c>@panic</c>, <c>@register</c> and <c>@frame</c> records and a line for people.</summary>
    /// <param name="record">Untrusted: the frame count is bounded here.</param>
    public static void Write(in CrashRecord record)
    {
        SerialConsole.Text("core "u8);
        SerialConsole.Decimal(record.Core);
        SerialConsole.Text(": panic, "u8);
        SerialConsole.Text(PanicReason.Name(record.Frame.Vector));
        SerialConsole.Text(" at "u8);
        SerialConsole.Hex(record.Frame.Rip);
        SerialConsole.EndLine();

        SerialRecord.Begin("panic"u8);
        SerialRecord.Number("core"u8, record.Core);
        SerialRecord.Word("reason"u8, PanicReason.Name(record.Frame.Vector));
        SerialRecord.Number("vector"u8, record.Frame.Vector);
        SerialRecord.Address("error"u8, record.Frame.ErrorCode);
        SerialRecord.Address("rip"u8, record.Frame.Rip);
        SerialRecord.Address("rsp"u8, record.Frame.Rsp);
        SerialRecord.Address("rflags"u8, record.Frame.Rflags);
        SerialRecord.Address("cr2"u8, record.FaultAddress);
        SerialRecord.Address("cr3"u8, record.PageTables);
        SerialRecord.Bytes("build"u8, record.Build);
        SerialRecord.End();
        WriteRegisters(in record);
        WriteFrames(in record);
    }

    private static void WriteRegisters(in CrashRecord record)
    {
        Register(record.Core, "rax"u8, record.Frame.Rax);
        Register(record.Core, "rbx"u8, record.Frame.Rbx);
        Register(record.Core, "rcx"u8, record.Frame.Rcx);
        Register(record.Core, "rdx"u8, record.Frame.Rdx);
        Register(record.Core, "rsi"u8, record.Frame.Rsi);
        Register(record.Core, "rdi"u8, record.Frame.Rdi);
        Register(record.Core, "rbp"u8, record.Frame.Rbp);
        Register(record.Core, "r8"u8, record.Frame.R8);
        Register(record.Core, "r9"u8, record.Frame.R9);
        Register(record.Core, "r10"u8, record.Frame.R10);
        Register(record.Core, "r11"u8, record.Frame.R11);
        Register(record.Core, "r12"u8, record.Frame.R12);
        Register(record.Core, "r13"u8, record.Frame.R13);
        Register(record.Core, "r14"u8, record.Frame.R14);
        Register(record.Core, "r15"u8, record.Frame.R15);
    }

    private static void Register(ulong core, ReadOnlySpan<byte> name, ulong value)
    {
        SerialRecord.Begin("register"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Word("name"u8, name);
        SerialRecord.Address("value"u8, value);
        SerialRecord.End();
    }

    private static void WriteFrames(in CrashRecord record)
    {
        uint count = record.FrameCount <= Limits.CrashFramesMax ? record.FrameCount : Limits.CrashFramesMax;
        for (int i = 0; i < count; i++)
        {
            SerialRecord.Begin("frame"u8);
            SerialRecord.Number("core"u8, record.Core);
            SerialRecord.Number("index"u8, (ulong)i);
            SerialRecord.Address("address"u8, record.Frames[i]);
            SerialRecord.End();
        }
    }
}
