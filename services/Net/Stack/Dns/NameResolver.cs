using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Names a question. 4 bytes.</summary>
/// <param name="value">The bits; from outside, an allegation.</param>
public readonly struct NameQuery(uint value)
{
    /// <summary>The bits, to be sent or stored.</summary>
    public readonly uint Value = value;
}

/// <summary>Asks the name server for addresses. Nothing waits and nothing is cached.</summary>
public static class NameResolver
{
    /// <summary>Asks for the address of a name.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="name">The name, in ASCII, with dots.</param>
    /// <param name="asked">The question; to be given back by <see cref="Release"/>.</param>
    /// <returns>Waiting, BadName, NoServer or PoolEmpty.</returns>
    public static NameResult Ask(in NetStack stack, ReadOnlySpan<byte> name, out NameQuery asked)
    {
        asked = default;
        if (!Ipv4Route.IsRoutable(stack.State.Settings, stack.State.Settings.NameServer) || stack.State.Settings.NameServer.IsNone)
        {
            return NameResult.NoServer;
        }

        DnsNameBytes encoded = default;
        int length = DnsName.Encode(name, encoded);
        if (length == 0)
        {
            return NameResult.BadName;
        }

        for (int index = 0; index < StackLimits.DnsQueryCount; index++)
        {
            ref DnsQuery query = ref stack.State.Dns.Queries[index];
            if (!query.IsUsed)
            {
                ushort generation = (ushort)(query.Generation + 1);
                query = default;
                query.IsUsed = true;
                stack.State.Dns.Used++;
                query.Generation = generation;
                query.Result = NameResult.Waiting;
                query.NameLength = (byte)length;
                query.Name = encoded;
                DnsClient.Ask(stack, ref query);
                asked = new NameQuery(((uint)generation << 16) | (uint)index);
                return NameResult.Waiting;
            }
        }

        return NameResult.PoolEmpty;
    }

    /// <summary>How a question stands.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="asked">The question.</param>
    /// <param name="address">The address, if found.</param>
    /// <param name="seconds">How long it may be kept.</param>
    public static NameResult Poll(in NetStack stack, NameQuery asked, out Ipv4Address address, out uint seconds)
    {
        address = default;
        seconds = 0;
        if (!TryFind(stack, asked, out int index))
        {
            return NameResult.BadHandle;
        }

        ref DnsQuery query = ref stack.State.Dns.Queries[index];
        address = query.Answer;
        seconds = query.AnswerSeconds;
        return query.Result;
    }

    /// <summary>Gives a question up.</summary>
    public static void Release(in NetStack stack, NameQuery asked)
    {
        if (TryFind(stack, asked, out int index))
        {
            stack.State.Dns.Queries[index].IsUsed = false;
            stack.State.Dns.Used--;
        }
    }

    private static bool TryFind(in NetStack stack, NameQuery asked, out int index)
    {
        index = (int)(asked.Value & 0xFFFF);
        return index < StackLimits.DnsQueryCount
            && stack.State.Dns.Queries[index].IsUsed
            && stack.State.Dns.Queries[index].Generation == asked.Value >> 16;
    }
}
