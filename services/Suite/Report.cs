using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Writes records to the serial line (docs/serial.md). The cores take turns: one writes, the others wait.</summary>
/// <remarks>
/// Whose turn it is stands in the scratch register of the UART (16550, register 7): the one word that all cores of the machine can read and write,
/// because each has its own authority over ports. The kernel of core 0 has written its last record before its first program runs.
/// </remarks>
internal static class Report
{
    private const ushort Serial = 0x3F8;
    private const ushort LineStatus = Serial + 5;
    private const ushort Scratch = Serial + 7;
    private const byte TransmitterEmpty = 0x20;
    private const byte TurnMark = 0x40;
    private const byte FailedMark = 0x80;
    private const int LooksMax = 100_000;

    /// <summary>Slot of the serial port.</summary>
    internal const uint PortSlot = 1000;

    /// <summary>Most cores that can take turns: six bits.</summary>
    internal const uint CoresMax = 63;

    /// <summary>Takes the serial port.</summary>
    internal static void Begin() => Expect(new PortControl(RootSlot.IoPortControl).Get(Serial, Serial + 7, Setting.Root, PortSlot));

    /// <summary>Whether it is a core's turn. Core 0 begins.</summary>
    internal static bool IsTurnOf(uint core) => core == 0 || (Turn() & ~FailedMark) == (TurnMark | core);

    /// <summary>Gives the turn to the next core.</summary>
    /// <param name="core">Whose turn it is.</param>
    /// <param name="failed">Whether a test of this core failed.</param>
    internal static void Pass(uint core, bool failed)
    {
        int mark = failed || HasFailed(core) ? FailedMark : 0;
        _ = new PortRange(PortSlot).Write8(Scratch, (byte)(mark | TurnMark | (int)(core + 1)));
    }

    /// <summary>Whether a test of a core before this one failed.</summary>
    internal static bool HasFailed(uint core) => core != 0 && (Turn() & FailedMark) != 0;

    /// <summary>Tells how a test went.</summary>
    internal static void Tell(ref readonly Test test)
    {
        Text("@test core="u8);
        Decimal(test.Setting.Core);
        Text(" group="u8);
        Text(test.Group);
        Text(" name="u8);
        Text(test.Name);
        Text(test.HasFailed ? " result=fail step="u8 : " result=pass step="u8);
        Decimal(test.HasFailed ? test.FailedStep : test.Steps);
        if (test.HasFailed)
        {
            Text(" expected="u8);
            Hexadecimal(test.Expected);
            Text(" actual="u8);
            Hexadecimal(test.Actual);
            Text("\r\nsuite: it should show that "u8);
            Text(test.Shows);
        }

        Text("\r\n"u8);
    }

    /// <summary>Tells how the tests of a group went.</summary>
    internal static void Sum(uint core, ReadOnlySpan<byte> group, uint passed, uint failed)
    {
        Text("@suite core="u8);
        Decimal(core);
        Text(" group="u8);
        Text(group);
        Text(" passed="u8);
        Decimal(passed);
        Text(" failed="u8);
        Decimal(failed);
        Text("\r\n"u8);
    }

    /// <summary>Ends the run when what all tests count on cannot be had.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Expect(SystemResult result)
    {
        if (result == SystemResult.Ok)
        {
            return;
        }

        Text("@suite-broken result="u8);
        Decimal((ulong)result);
        Text("\r\n"u8);
        End(passed: false);
    }

    /// <summary>Ends the run of the machine.</summary>
    internal static void End(bool passed)
    {
        Text(passed ? "@verdict result=pass\r\n"u8 : "@verdict result=fail reason=suite\r\n"u8);
        _ = Ask.Do(RootSlot.InstanceControl, (ulong)InstanceControlOperation.End, passed ? 1UL : 0);
    }

    private static byte Turn() => new PortRange(PortSlot).Read8(Scratch, out byte turn) == SystemResult.Ok ? turn : (byte)0;

    private static void Text(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Put(text[i]);
        }
    }

    private static void Decimal(ulong value)
    {
        Digits digits = default;
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);

        while (count > 0)
        {
            Put(digits[--count]);
        }
    }

    private static void Hexadecimal(ulong value)
    {
        Text("0x"u8);
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            int digit = (int)(value >> shift) & 15;
            Put((byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }

    private static void Put(byte value)
    {
        PortRange port = new(PortSlot);
        for (int look = 0; look < LooksMax; look++)
        {
            if (port.Read8(LineStatus, out byte status) != SystemResult.Ok || (status & TransmitterEmpty) != 0)
            {
                break;
            }
        }

        _ = port.Write8(Serial, value);
    }

    // As many as a 64-bit number has.
    [InlineArray(20)]
    private struct Digits
    {
        private byte _digit0;
    }
}
