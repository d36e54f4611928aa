using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>bench</c>: what entering the kernel, and asking another program, costs from here. Ticks of this core's clock: under an emulator they say
/// little; <c>./build.sh bench kernel</c> counts instructions.</summary>
internal static class Benchmark
{
    private const uint Rounds = 2000;

    internal static void Show(in Surroundings around)
    {
        ulong began = Ipc.Now();
        for (uint round = 0; round < Rounds; round++)
        {
            _ = Ipc.Nothing();
        }

        ulong calls = Ipc.Now() - began;
        began = Ipc.Now();
        uint answered = 0;
        for (uint round = 0; round < Rounds; round++)
        {
            answered += around.System.Policy(0, out _, out _, out _, out _) == CallResult.Ok ? 1u : 0;
        }

        ulong asks = Ipc.Now() - began;
        Line(in around, "system call that does nothing"u8, calls);
        if (answered == Rounds)
        {
            Line(in around, "call to Init and its answer"u8, asks);
        }
    }

    private static void Line(in Surroundings around, ReadOnlySpan<byte> name, ulong ticks)
    {
        TextBuffer text = default;
        text.AddPadded(name, 32);
        text.AddAligned(ticks / Rounds, 10);
        text.Add(" ticks, "u8);
        text.Add(around.Microseconds(ticks * 1000 / Rounds));
        text.Add(" ns\n"u8);
        around.Print(in text);
    }
}
