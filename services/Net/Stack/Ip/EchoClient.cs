using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>An echo request of ours.</summary>
internal struct EchoRequest
{
    public bool IsUsed;
    public bool IsSendDue;
    public bool IsAnswered;

    /// <summary>Drawn: whoever did not see the request cannot answer it.</summary>
    public uint Identity;
    public ushort Generation;
    public Ipv4Address Address;
    public ulong SentAt;
    public ulong AnsweredAt;
}

/// <summary>Places of requests.</summary>
[InlineArray(StackLimits.EchoRequestCount)]
internal struct EchoRequests
{
    private EchoRequest _first;
}

/// <summary>Names an echo request. 4 bytes.</summary>
/// <param name="value">The bits.</param>
public readonly struct EchoQuery(uint value)
{
    /// <summary>The bits.</summary>
    public readonly uint Value = value;
}

/// <summary>Asks hosts whether they answer: ICMP echo. Nothing waits, and nothing is sent twice. Source: RFC 792, "Echo or Echo Reply Message".</summary>
public static class EchoClient
{
    // As many bytes of data as others send.
    private const int DataBytes = 56;

    /// <summary>Asks a host.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="address">The host.</param>
    /// <param name="asked">The request; to be given back by <see cref="Release"/>.</param>
    /// <returns>Done, BadArgument (no host's address), NoRoute or PoolEmpty.</returns>
    public static SocketResult Ask(in NetStack stack, Ipv4Address address, out EchoQuery asked)
    {
        asked = default;
        if (!address.IsUnicast || Ipv4Route.IsSubnetBroadcast(stack.State.Settings, address))
        {
            return SocketResult.BadArgument;
        }

        if (!Ipv4Route.IsRoutable(stack.State.Settings, address))
        {
            return SocketResult.NoRoute;
        }

        for (int index = 0; index < StackLimits.EchoRequestCount; index++)
        {
            ref EchoRequest request = ref stack.State.Echoes[index];
            if (!request.IsUsed)
            {
                ushort generation = (ushort)(request.Generation + 1);
                request = new EchoRequest
                {
                    IsUsed = true, IsSendDue = true, Identity = (uint)stack.State.Random.Next(), Generation = generation, Address = address,
                };
                stack.State.EchoesUsed++;
                asked = new EchoQuery(((uint)generation << 16) | (uint)index);
                return SocketResult.Done;
            }
        }

        return SocketResult.PoolEmpty;
    }

    /// <summary>How a request stands.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="asked">The request.</param>
    /// <param name="took">Microseconds from the frame to the answer.</param>
    /// <returns>Done: it was answered. WouldBlock; BadHandle.</returns>
    public static SocketResult Poll(in NetStack stack, EchoQuery asked, out ulong took)
    {
        took = 0;
        if (!TryFind(stack, asked, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref EchoRequest request = ref stack.State.Echoes[index];
        took = request.IsAnswered ? request.AnsweredAt - request.SentAt : 0;
        return request.IsAnswered ? SocketResult.Done : SocketResult.WouldBlock;
    }

    /// <summary>Gives a request up.</summary>
    public static void Release(in NetStack stack, EchoQuery asked)
    {
        if (TryFind(stack, asked, out int index))
        {
            stack.State.Echoes[index].IsUsed = false;
            stack.State.EchoesUsed--;
        }
    }

    /// <summary>Takes an answer, if it is one: from the host that was asked, with what was sent to it.</summary>
    internal static FrameOutcome Receive(in NetStack stack, Ipv4Address source, ReadOnlySpan<byte> message)
    {
        uint identity = BigEndian.ReadUInt32(message, 4);
        for (int index = 0; index < StackLimits.EchoRequestCount; index++)
        {
            ref EchoRequest request = ref stack.State.Echoes[index];
            if (request.IsUsed && !request.IsSendDue && !request.IsAnswered && request.Identity == identity && request.Address.Is(source))
            {
                request.IsAnswered = true;
                request.AnsweredAt = stack.Now;
                return FrameOutcome.IcmpEchoReplyAccepted;
            }
        }

        return FrameOutcome.IcmpEchoReply;
    }

    /// <summary>Writes the frame of a request that is due, if its station is known.</summary>
    /// <returns>Its length, or 0.</returns>
    internal static int Emit(in NetStack stack, Span<byte> frame)
    {
        for (int index = 0; index < StackLimits.EchoRequestCount && stack.State.EchoesUsed != 0; index++)
        {
            ref EchoRequest request = ref stack.State.Echoes[index];
            if (request.IsUsed && request.IsSendDue && Ipv4Route.TryFind(stack, request.Address, out Ipv4Route route))
            {
                request.IsSendDue = false;
                request.SentAt = stack.Now;
                return Write(stack, request.Identity, route, frame);
            }
        }

        return 0;
    }

    private static int Write(in NetStack stack, uint identity, in Ipv4Route route, Span<byte> frame)
    {
        Span<byte> message = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, IcmpOutput.HeaderBytes + DataBytes);
        message.Clear();
        message[0] = IcmpOutput.TypeEchoRequest;
        BigEndian.WriteUInt32(message, 4, identity);
        BigEndian.WriteUInt16(message, 2, Checksum.Finish(Checksum.Add(0, message)));
        return stack.WriteHeaders(frame, route, Ipv4Header.ProtocolIcmp, message.Length, mayFragment: true);
    }

    private static bool TryFind(in NetStack stack, EchoQuery asked, out int index)
    {
        index = (int)(asked.Value & 0xFFFF);
        return index < StackLimits.EchoRequestCount
            && stack.State.Echoes[index].IsUsed
            && stack.State.Echoes[index].Generation == asked.Value >> 16;
    }
}
