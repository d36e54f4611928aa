using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Mm;

namespace Atoll.Trials;

/// <summary>Counts what a send and a receive cost, in time-stamp counter ticks: instructions, under an emulator that counts them.</summary>
/// <remarks>
/// One core, one ring in memory of its own: so many sends that the ring is full of data, then as many receives. Every payload
/// word is written and read. The loop around a call counts too: three instructions.
/// </remarks>
public static unsafe class RingMeasurement
{
    private const uint PayloadWords = RingPayload.SizeBytes / sizeof(ulong);
    private const uint Messages = RingSlot.PerPage - RingSender.ReservedSlots;

    /// <summary>Measures and writes <c>@figure</c> records.</summary>
    /// <returns>False when there is no memory for a ring.</returns>
    public static bool Run(ref InstanceState state, ref FramePool pool)
    {
        if (pool.Take(1, ulong.MaxValue, out ulong page) != FramePoolResult.Done)
        {
            return false;
        }

        // The first link has not been made yet, so its place is free.
        uint slot = PeerMap.Slot(0, LinkPage.Receive);
        PeerMap.Enter(in state.Map, slot, page, PageRights.ReadWrite);
        RingSlot* ring = PeerMap.RingAt(in state.Map, slot);
        Page.Clear(PeerMap.PageAt(in state.Map, slot));
        RingMemory.Prepare(ring, RingSlot.PerPage);
        Measure(ring);
        PeerMap.Clear(in state.Map, slot);

        // Taken a moment ago, so there is room for it where it was.
        Check.That(pool.Give(page, 1) == FramePoolResult.Done);
        return true;
    }

    private static void Measure(RingSlot* ring)
    {
        RingSender sender = default;
        RingReceiver receiver = default;
        sender.Attach(ring, RingSlot.PerPage);
        receiver.Attach(ring, RingSlot.PerPage);

        ulong start = Cpu.ReadTsc();
        ulong sent = SendAll(ref sender);
        ulong middle = Cpu.ReadTsc();
        ulong sum = ReceiveAll(ref receiver);
        ulong end = Cpu.ReadTsc();
        Check.That(sent == Messages && sum == PayloadWords * (Messages - 1) * Messages / 2);
        Figure("ring.send.instructions"u8, middle - start);
        Figure("ring.receive.instructions"u8, end - middle);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SendAll(ref RingSender sender)
    {
        ulong number = 0;
        RingMessage message = default;
        for (; number < Messages; number++)
        {
            message.Payload.Word0 = number;
            message.Payload.Word1 = number;
            message.Payload.Word2 = number;
            message.Payload.Word3 = number;
            message.Payload.Word4 = number;
            message.Payload.Word5 = number;
            message.Payload.Word6 = number;
            if (sender.TrySend<CoherentMemory>(in message) != SendResult.Sent)
            {
                break;
            }
        }

        return number;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ReceiveAll(ref RingReceiver receiver)
    {
        ulong sum = 0;
        for (ulong number = 0; number < Messages; number++)
        {
            if (receiver.TryReceive<CoherentMemory>(out RingMessage message) != ReceiveResult.Received)
            {
                break;
            }

            sum += message.Payload.Word0 + message.Payload.Word1 + message.Payload.Word2 + message.Payload.Word3
                + message.Payload.Word4 + message.Payload.Word5 + message.Payload.Word6;
        }

        return sum;
    }

    // Tenths, so that a fraction of an instruction is not lost.
    private static void Figure(System.ReadOnlySpan<byte> name, ulong ticks)
    {
        SerialRecord.Begin("figure"u8);
        SerialRecord.Word("name"u8, name);
        SerialRecord.Number("tenths"u8, ticks * 10 / Messages);
        SerialRecord.End();
    }
}
