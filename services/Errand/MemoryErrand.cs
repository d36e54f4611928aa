using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Errand;

/// <summary>Takes memory up to the quota and beyond, makes something of it, and gives some back.</summary>
/// <param name="voice">Says what happens.</param>
/// <param name="memory">Who has memory.</param>
internal readonly struct MemoryErrand(Voice voice, MemoryClient memory)
{
    private const uint Half = 15;
    private const uint Quarter = 14;

    /// <summary>Of a quota of 64 KiB.</summary>
    internal void Run(ref SlotRow row)
    {
        Begin();
        OwnSlot first = row.Take();
        OwnSlot second = row.Take();
        OwnSlot page = row.Take();
        uint piece = Take("take 32 KiB"u8, Half, ref first);
        _ = Take("take 16 KiB"u8, Quarter, ref second);
        SystemResult made = page.Make(new UntypedMemory(first.Address), CapabilityType.Frame, ObjectSize.FrameBits);
        voice.Say("make a page of it"u8, made == SystemResult.Ok ? "done"u8 : "refused"u8);
        page.Clear();
        first.Clear();
        _ = Take("take 32 KiB in place of the first"u8, Half, ref first);
        _ = Take("take 32 KiB more"u8, Half, ref page);
        CallResult returned = memory.Return(piece, out MemoryAnswer answer);
        voice.Say("give 32 KiB back"u8, returned == CallResult.Ok ? AnswerNames.Of(answer) : "no answer"u8);
        first.Free();
        second.Free();
        page.Free();
    }

    /// <summary>Takes all and keeps it.</summary>
    internal void Hold(ref OwnSlot all)
    {
        if (memory.Begin(out _, out _) == CallResult.Ok)
        {
            _ = Take("hold 64 KiB"u8, Half + 1, ref all);
        }
    }

    private void Begin()
    {
        if (memory.Begin(out ulong quota, out MemoryAnswer answer) != CallResult.Ok)
        {
            voice.Say("quota"u8, "no answer"u8);
            return;
        }

        TextBuffer text = Voice.Begin("quota "u8);
        text.Add(quota / 1024);
        text.Add(" KiB: "u8);
        text.Add(AnswerNames.Of(answer));
        voice.Say(ref text);
    }

    private uint Take(ReadOnlySpan<byte> about, uint bits, ref OwnSlot slot)
    {
        CallResult told = memory.Take(bits, ref slot, out UntypedMemory taken, out uint piece, out MemoryAnswer answer);
        voice.Say(about, told != CallResult.Ok ? "no answer"u8 : answer == MemoryAnswer.Done && taken.Address == 0 ? "nothing came"u8 : AnswerNames.Of(answer));
        return piece;
    }
}
