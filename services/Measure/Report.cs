using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Writes figures to the serial line, one record a line, as the kernel does (docs/serial.md).</summary>
public static class Report
{
    private const ushort Serial = 0x3F8;
    private const ushort LineStatus = Serial + 5;
    private const byte TransmitterEmpty = 0x20;
    private const uint PortSlot = 1000;
    private const int LooksMax = 100_000;

    /// <summary>Takes the serial port.</summary>
    public static void Begin() => _ = new PortControl(RootSlot.IoPortControl).Get(Serial, Serial + 7, Setting.Root, PortSlot);

    /// <summary>Writes what an operation took.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mean">Instructions, in hundredths.</param>
    /// <param name="most">Instructions of the one that took most.</param>
    /// <param name="count">Operations.</param>
    public static void Instructions(ReadOnlySpan<byte> name, ulong mean, ulong most, uint count)
    {
        Text("@figure name="u8);
        Text(name);
        Text(" hundredths="u8);
        Decimal(mean);
        Text(" most="u8);
        Decimal(most);
        Text(" count="u8);
        Decimal(count);
        Text("\r\n"u8);
    }

    /// <summary>Writes what an object takes.</summary>
    public static void Bytes(ReadOnlySpan<byte> name, ulong bytes)
    {
        Text("@figure name="u8);
        Text(name);
        Text(" bytes="u8);
        Decimal(bytes);
        Text("\r\n"u8);
    }

    /// <summary>Ends the run when something is not as it must be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Expect(SystemResult result)
    {
        if (result == SystemResult.Ok)
        {
            return;
        }

        Text("@measure-failed result="u8);
        Decimal((ulong)result);
        Text("\r\n"u8);
        End(passed: false);
    }

    /// <summary>Ends the run.</summary>
    public static void End(bool passed)
    {
        Text(passed ? "@verdict result=pass\r\n"u8 : "@verdict result=fail reason=measure\r\n"u8);
        Message message = Message.Of((ulong)InstanceControlOperation.End, 1, passed ? 1UL : 0);
        _ = Ipc.Call(RootSlot.InstanceControl, ref message);
    }

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
