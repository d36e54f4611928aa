using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Reads a whole head. Source: RFC 9112, "Request Line", "Field Syntax", "Message Body".</summary>
internal static class HeadReader
{
    /// <summary>Reads a head whose end has been found.</summary>
    /// <param name="head">From the request line to the empty line. Escapes of the path are resolved in place.</param>
    /// <param name="facts">What it says.</param>
    public static RequestFault Read(Span<byte> head, out RequestFacts facts)
    {
        facts = default;
        RequestFault fault = ReadRequestLine(head, ref facts);
        if (fault == RequestFault.None)
        {
            fault = ReadFields(head, ref facts);
        }

        return fault == RequestFault.None ? Conclude(ref facts) : fault;
    }

    /// <summary>Length of the line at a place, without its end.</summary>
    public static int LineLength(ReadOnlySpan<byte> head, int start) => Ascii.Find(head, start, Ascii.CarriageReturn) - start;

    private static RequestFault ReadRequestLine(Span<byte> head, ref RequestFacts facts)
    {
        ReadOnlySpan<byte> line = head.Slice(0, LineLength(head, 0));
        facts.FieldsStart = line.Length + 2;
        int method = Ascii.Find(line, 0, Ascii.Space);
        int target = Ascii.Find(line, method + 1, Ascii.Space);
        if (method == 0 || target >= line.Length || target == method + 1 || !IsToken(line.Slice(0, method)))
        {
            return RequestFault.RequestLineMalformed;
        }

        RequestFault fault = ReadVersion(line.Slice(target + 1, line.Length - target - 1), ref facts);
        if (fault != RequestFault.None)
        {
            return fault;
        }

        facts.Method = HttpMethods.Parse(line.Slice(0, method));
        return facts.Method == HttpMethod.None
            ? RequestFault.MethodUnknown
            : RequestTarget.Read(head, method + 1, target - method - 1, ref facts);
    }

    private static RequestFault ReadVersion(ReadOnlySpan<byte> version, ref RequestFacts facts)
    {
        ReadOnlySpan<byte> name = "HTTP/"u8;
        if (version.Length != name.Length + 3
            || !Ascii.AreEqual(version.Slice(0, name.Length), name)
            || !Ascii.IsDigit(version[name.Length])
            || version[name.Length + 1] != '.'
            || !Ascii.IsDigit(version[name.Length + 2]))
        {
            return RequestFault.VersionMalformed;
        }

        // A higher minor version is read as the highest that is known. Source: RFC 9110, "Protocol Version".
        facts.IsHttp11 = version[name.Length + 2] != '0';
        return version[name.Length] == '1' ? RequestFault.None : RequestFault.VersionUnsupported;
    }

    private static RequestFault ReadFields(ReadOnlySpan<byte> head, ref RequestFacts facts)
    {
        RequestFault fault = RequestFault.None;
        int start = facts.FieldsStart;
        while (fault == RequestFault.None)
        {
            int length = LineLength(head, start);
            if (length == 0)
            {
                break;
            }

            fault = ReadField(head.Slice(start, length), ref facts);
            start += length + 2;
        }

        return fault;
    }

    private static RequestFault ReadField(ReadOnlySpan<byte> line, ref RequestFacts facts)
    {
        if (Ascii.IsBlank(line[0]))
        {
            return RequestFault.FieldFolded;
        }

        int colon = Ascii.Find(line, 0, (byte)':');
        if (colon == 0 || colon == line.Length || !IsToken(line.Slice(0, colon)))
        {
            return RequestFault.FieldMalformed;
        }

        ReadOnlySpan<byte> name = line.Slice(0, colon);
        ReadOnlySpan<byte> value = Ascii.Trim(line.Slice(colon + 1, line.Length - colon - 1));
        if (Ascii.IsName(name, "host"u8))
        {
            return ReadHost(value, ref facts);
        }

        if (Ascii.IsName(name, "content-length"u8))
        {
            return ReadContentLength(value, ref facts);
        }

        if (Ascii.IsName(name, "transfer-encoding"u8))
        {
            return ReadTransferEncoding(value, ref facts);
        }

        if (Ascii.IsName(name, "expect"u8))
        {
            return ReadExpect(value, ref facts);
        }

        if (Ascii.IsName(name, "connection"u8))
        {
            ReadConnection(value, ref facts);
        }

        return RequestFault.None;
    }

    private static RequestFault ReadHost(ReadOnlySpan<byte> value, ref RequestFacts facts)
    {
        if (facts.HasHost)
        {
            return RequestFault.HostRepeated;
        }

        facts.HasHost = true;
        return RequestTarget.IsHost(value) ? RequestFault.None : RequestFault.HostInvalid;
    }

    private static RequestFault ReadContentLength(ReadOnlySpan<byte> value, ref RequestFacts facts)
    {
        // Two that agree could be taken for one; who sends them is confused, or means to confuse.
        if (facts.HasContentLength || Ascii.Find(value, 0, (byte)',') < value.Length)
        {
            return RequestFault.ContentLengthRepeated;
        }

        facts.HasContentLength = true;
        return Ascii.TryNumber(value, out facts.ContentLength) ? RequestFault.None : RequestFault.ContentLengthMalformed;
    }

    private static RequestFault ReadTransferEncoding(ReadOnlySpan<byte> value, ref RequestFacts facts)
    {
        FieldList codings = new(value);
        bool isChunkedLast = false;
        bool hasOther = false;
        bool hasChunkedBefore = facts.HasTransferEncoding;
        while (codings.TryNext(out ReadOnlySpan<byte> coding))
        {
            hasChunkedBefore |= isChunkedLast;
            isChunkedLast = Ascii.IsName(coding, "chunked"u8);
            hasOther |= !isChunkedLast;
        }

        facts.HasTransferEncoding = true;
        if (!isChunkedLast || hasChunkedBefore)
        {
            return RequestFault.TransferEncodingMalformed;
        }

        return hasOther ? RequestFault.TransferEncodingUnknown : RequestFault.None;
    }

    private static RequestFault ReadExpect(ReadOnlySpan<byte> value, ref RequestFacts facts)
    {
        bool isContinue = Ascii.IsName(value, "100-continue"u8);
        facts.ExpectsContinue |= isContinue;
        return isContinue ? RequestFault.None : RequestFault.ExpectationUnknown;
    }

    private static void ReadConnection(ReadOnlySpan<byte> value, ref RequestFacts facts)
    {
        FieldList options = new(value);
        while (options.TryNext(out ReadOnlySpan<byte> option))
        {
            facts.HasClose |= Ascii.IsName(option, "close"u8);
            facts.HasKeepAlive |= Ascii.IsName(option, "keep-alive"u8);
        }
    }

    // What is wrong with the head as a whole.
    private static RequestFault Conclude(ref RequestFacts facts)
    {
        if (facts.IsHttp11 && !facts.HasHost)
        {
            return RequestFault.HostMissing;
        }

        if (facts.HasTransferEncoding && !facts.IsHttp11)
        {
            return RequestFault.TransferEncodingInHttp10;
        }

        if (facts.HasTransferEncoding && facts.HasContentLength)
        {
            return RequestFault.FramingConflict;
        }

        facts.Framing = facts.HasTransferEncoding ? ContentFraming.Chunked
            : facts.HasContentLength && facts.ContentLength != 0 ? ContentFraming.Length
            : ContentFraming.None;

        // HTTP/1.0 has no such expectation, and without content there is nothing to wait for. Source: RFC 9110, "Expect".
        facts.ExpectsContinue &= facts.IsHttp11 && facts.Framing != ContentFraming.None;
        return RequestFault.None;
    }

    private static bool IsToken(ReadOnlySpan<byte> text)
    {
        bool isToken = text.Length != 0;
        for (int index = 0; isToken && index < text.Length; index++)
        {
            isToken = Ascii.IsToken(text[index]);
        }

        return isToken;
    }
}
