using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Errand;

/// <summary>Finds the clock by its name, sleeps, and counts ticks.</summary>
/// <param name="voice">Says what happens.</param>
/// <param name="names">Knows servers by name.</param>
internal readonly struct TimeErrand(Voice voice, NamesClient names)
{
    private const ulong Nap = 20_000;
    private const ulong Period = 10_000;
    private const uint Ticks = 5;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    // The beginning of 2024.
    private const ulong Recently = 1_704_067_200;

    /// <summary>Does it.</summary>
    internal void Run(ref SlotRow row, ref OwnSlot clockSlot, UntypedMemory own)
    {
        Find(ref clockSlot);
        ClockClient clock = new(clockSlot.Address);
        CallResult dated = clock.Date(out ulong seconds);
        voice.Say("the date"u8, dated != CallResult.Ok ? "no answer"u8 : seconds > Recently ? "is later than 2023"u8 : "is not known"u8);
        ulong began = Now(clock);
        CallResult slept = clock.Sleep(Nap);
        Took("sleep 20 ms"u8, slept, Nap, Now(clock) - began);
        slept = clock.SleepUntil(Now(clock) + Nap);
        Took("sleep until 20 ms later"u8, slept, Nap, Now(clock) - began - Nap);

        OwnSlot signal = row.Take();
        if (signal.Make(own, CapabilityType.Notification) == SystemResult.Ok)
        {
            CountTicks(clock, signal.Address);
        }

        signal.Free();
    }

    /// <summary>Waits until somebody takes the program away.</summary>
    internal void SleepForEver(ref OwnSlot clockSlot)
    {
        Find(ref clockSlot);
        while (new ClockClient(clockSlot.Address).Sleep(MicrosecondsPerSecond) == CallResult.Ok)
        {
            // Who is not taken away sleeps on.
        }
    }

    // The clock has no higher priority than who looks for it: it may not have registered yet.
    private void Find(ref OwnSlot slot)
    {
        NamesAnswer answer;
        CallResult told;
        do
        {
            told = names.Find("clock"u8, ref slot, out _, out answer);
            Ipc.Yield();
        }
        while (told == CallResult.Ok && answer == NamesAnswer.NotRegistered);

        voice.Say("find 'clock'"u8, told == CallResult.Ok ? AnswerNames.Of(answer) : "no answer"u8);
    }

    private void CountTicks(ClockClient clock, ulong notification)
    {
        ulong began = Now(clock);
        CallResult told = clock.Tick(new SignalWord(notification), Period, out ClockAnswer answer);
        if (told != CallResult.Ok || answer != ClockAnswer.Done)
        {
            voice.Say("ticks"u8, told == CallResult.Ok ? AnswerNames.Of(answer) : "no answer"u8);
            return;
        }

        for (uint tick = 0; tick < Ticks; tick++)
        {
            told = Ipc.Wait(notification) == SystemResult.Ok ? told : CallResult.Cancelled;
        }

        Took("5 ticks of 10 ms"u8, told, Ticks * Period, Now(clock) - began);
        told = clock.EndTicks(out answer);
        voice.Say("end of ticks"u8, told == CallResult.Ok ? AnswerNames.Of(answer) : "no answer"u8);
    }

    // Nobody may wake before the time.
    private void Took(ReadOnlySpan<byte> about, CallResult result, ulong least, ulong took) =>
        voice.Say(about, result != CallResult.Ok ? "no answer"u8 : took >= least ? "done"u8 : "too early"u8);

    private static ulong Now(ClockClient clock) => clock.Now(out ulong now) == CallResult.Ok ? now : 0;
}
