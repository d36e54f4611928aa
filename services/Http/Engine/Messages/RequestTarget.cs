using System;

namespace Atoll.Services.Http.Engine;

/// <summary>What a request is about. Source: RFC 9112, "Request Target"; RFC 3986.</summary>
internal static class RequestTarget
{
    /// <summary>Reads path, whole address or asterisk, and resolves the path's escapes in place.</summary>
    /// <param name="head">The head.</param>
    /// <param name="start">Where the target begins.</param>
    /// <param name="length">Its length, not 0.</param>
    /// <param name="facts">Gets path and query.</param>
    public static RequestFault Read(Span<byte> head, int start, int length, ref RequestFacts facts)
    {
        ReadOnlySpan<byte> target = head.Slice(start, length);
        if (!IsTarget(target))
        {
            return RequestFault.TargetMalformed;
        }

        if (target[0] == '*')
        {
            facts.IsServerWide = true;
            return length == 1 && facts.Method == HttpMethod.Options ? RequestFault.None : RequestFault.TargetMalformed;
        }

        int path = 0;
        if (target[0] != '/' && !TrySkipAuthority(target, out path))
        {
            return RequestFault.TargetMalformed;
        }

        facts.HasAuthority = path != 0;
        int query = Ascii.Find(target, path, (byte)'?');
        facts.QueryStart = start + (query < length ? query + 1 : length);
        facts.QueryLength = start + length - facts.QueryStart;
        facts.PathStart = start + path;
        return Unescape(head.Slice(start + path, query - path), out facts.PathLength)
            ? RequestFault.None
            : RequestFault.TargetMalformed;
    }

    /// <summary>Whether a text can be a host with its port.</summary>
    public static bool IsHost(ReadOnlySpan<byte> text)
    {
        bool isHost = true;
        for (int index = 0; isHost && index < text.Length; index++)
        {
            isHost = Ascii.IsHost(text[index]);
        }

        return isHost;
    }

    private static bool IsTarget(ReadOnlySpan<byte> text)
    {
        bool isTarget = true;
        for (int index = 0; isTarget && index < text.Length; index++)
        {
            isTarget = Ascii.IsTarget(text[index]);
        }

        return isTarget;
    }

    // "http://HOST[:PORT]": the path begins behind it, and may be empty.
    private static bool TrySkipAuthority(ReadOnlySpan<byte> target, out int path)
    {
        ReadOnlySpan<byte> scheme = "http://"u8;
        path = scheme.Length;
        if (target.Length <= scheme.Length || !Ascii.IsName(target.Slice(0, scheme.Length), scheme))
        {
            return false;
        }

        while (path < target.Length && target[path] is not ((byte)'/' or (byte)'?'))
        {
            path++;
        }

        return path != scheme.Length && IsHost(target.Slice(scheme.Length, path - scheme.Length));
    }

    // A zero byte in a name is somebody's trick. All else that an escape can say is a name that exists or not.
    private static bool Unescape(Span<byte> path, out int length)
    {
        length = 0;
        for (int index = 0; index < path.Length; index++)
        {
            int value = path[index];
            if (value == '%')
            {
                int high = index + 2 < path.Length ? Ascii.HexValue(path[index + 1]) : -1;
                int low = index + 2 < path.Length ? Ascii.HexValue(path[index + 2]) : -1;
                value = (high << 4) | low;
                if (high < 0 || low < 0 || value == 0)
                {
                    return false;
                }

                index += 2;
            }

            path[length++] = (byte)value;
        }

        return true;
    }
}
