using System;

namespace Atoll.Services.Net.Stack;

/// <summary>DNS messages. Source: RFC 1035, "Messages".</summary>
internal static class DnsMessage
{
    public const ushort ServerPort = 53;
    private const int HeaderBytes = 12;
    private const int TypeA = 1;
    private const int TypeAlias = 5;
    private const int ClassInternet = 1;
    private const int RecursionDesired = 0x0100;
    private const int IsResponse = 0x8000;
    private const int OpcodeMask = 0x7800;
    private const int IsTruncated = 0x0200;
    private const int CodeMask = 0xF;
    private const int CodeNoName = 3;

    // Aliases of aliases; longer chains are misconfigured.
    private const int AliasesMax = 8;

    /// <summary>Writes a question for an IPv4 address.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> message, in DnsQuery query)
    {
        message.Slice(0, HeaderBytes).Clear();
        BigEndian.WriteUInt16(message, 0, query.Id);
        BigEndian.WriteUInt16(message, 2, RecursionDesired);
        BigEndian.WriteUInt16(message, 4, 1);
        for (int index = 0; index < query.NameLength; index++)
        {
            message[HeaderBytes + index] = query.Name[index];
        }

        int end = HeaderBytes + query.NameLength;
        BigEndian.WriteUInt16(message, end, TypeA);
        BigEndian.WriteUInt16(message, end + 2, ClassInternet);
        return end + 4;
    }

    /// <summary>Reads an answer.</summary>
    /// <returns>Waiting if it is none to this question.</returns>
    public static NameResult Read(ReadOnlySpan<byte> message, in DnsQuery query, out Ipv4Address answer, out uint seconds)
    {
        answer = default;
        seconds = 0;
        if (!IsFor(message, query))
        {
            return NameResult.Waiting;
        }

        int flags = BigEndian.ReadUInt16(message, 2);
        if ((flags & CodeMask) == CodeNoName)
        {
            return NameResult.NotFound;
        }

        if ((flags & CodeMask) != 0 || (flags & IsTruncated) != 0)
        {
            return NameResult.ServerFailed;
        }

        return FollowAliases(message, HeaderBytes + query.NameLength + 4, out answer, out seconds);
    }

    // Number, direction and the question itself, as it was asked.
    private static bool IsFor(ReadOnlySpan<byte> message, in DnsQuery query)
    {
        int end = HeaderBytes + query.NameLength;
        if (message.Length < end + 4
            || BigEndian.ReadUInt16(message, 0) != query.Id
            || (BigEndian.ReadUInt16(message, 2) & (IsResponse | OpcodeMask)) != IsResponse
            || BigEndian.ReadUInt16(message, 4) != 1
            || BigEndian.ReadUInt16(message, end) != TypeA
            || BigEndian.ReadUInt16(message, end + 2) != ClassInternet)
        {
            return false;
        }

        for (int index = 0; index < query.NameLength; index++)
        {
            if (message[HeaderBytes + index] != query.Name[index])
            {
                return false;
            }
        }

        return true;
    }

    private static NameResult FollowAliases(ReadOnlySpan<byte> message, int records, out Ipv4Address answer, out uint seconds)
    {
        int name = HeaderBytes;
        answer = default;
        seconds = uint.MaxValue;
        for (int alias = 0; alias <= AliasesMax; alias++)
        {
            int found = FindRecord(message, records, name, out int type);
            if (found < 0)
            {
                seconds = 0;
                return type == 0 ? NameResult.NotFound : NameResult.ServerFailed;
            }

            seconds = Arithmetic.Min(seconds, BigEndian.ReadUInt32(message, found + 4));
            if (type == TypeA)
            {
                answer = new Ipv4Address(BigEndian.ReadUInt32(message, found + 10));
                return NameResult.Found;
            }

            name = found + 10;
        }

        return NameResult.ServerFailed;
    }

    // The fixed part of the first address or alias of a name. Not there: -1 and type 0; malformed: -1 and another.
    private static int FindRecord(ReadOnlySpan<byte> message, int offset, int name, out int type)
    {
        int count = BigEndian.ReadUInt16(message, 6);
        for (int record = 0; record < count; record++)
        {
            int owner = offset;
            offset = DnsName.Skip(message, offset);
            type = -1;
            if (offset < 0 || message.Length - offset < 10)
            {
                return -1;
            }

            int bytes = BigEndian.ReadUInt16(message, offset + 8);
            if (bytes > message.Length - offset - 10)
            {
                return -1;
            }

            type = BigEndian.ReadUInt16(message, offset);
            bool isWanted = BigEndian.ReadUInt16(message, offset + 2) == ClassInternet
                && ((type == TypeA && bytes == 4) || (type == TypeAlias && bytes > 0));
            if (isWanted && DnsName.AreSame(message, owner, name))
            {
                return offset;
            }

            offset += 10 + bytes;
        }

        type = 0;
        return -1;
    }
}
