using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Writes answers into a connection's output buffer, as it empties.</summary>
internal static class AnswerOutput
{
    // Size of a chunk in four digits, its two line ends, and the last chunk. Source: RFC 9112, "Chunked Transfer Coding".
    private const int SizeDigits = 4;
    private const int ChunkHeadBytes = SizeDigits + 2;
    private const int ChunkFrameBytes = ChunkHeadBytes + 2 + 5;
    private const int ChunkBytesMax = 0xFFFF;

    /// <summary>Whether the head of an answer fits now.</summary>
    public static bool HasHeadRoom(in HttpServer server, int index) =>
        Free(server, index, AnswerHead.BytesMax).Length >= AnswerHead.BytesMax;

    /// <summary>Tells a client to send its content; there is room for the head of an answer.</summary>
    public static void WriteContinue(in HttpServer server, int index)
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        ByteWriter writer = new(Free(server, index, AnswerHead.BytesMax));
        writer.Add("HTTP/1.1 100 Continue\r\n\r\n"u8);
        connection.OutputEnd += writer.Length;
        server.State.Counters.Count(HttpEvent.Continues);
    }

    /// <summary>A request is refused, and the connection ends: where the next request would begin, nobody knows.</summary>
    public static void Refuse(in HttpServer server, ref HttpConnection connection, RequestFault fault)
    {
        server.State.Counters.Count(fault);
        connection.Answer = default;
        connection.Answer.Status = RequestFaults.StatusOf(fault);
        connection.Fault = fault;
        connection.IsHead = false;
        BeginLast(server, ref connection);
    }

    /// <summary>Begins the last answer of a connection.</summary>
    public static void BeginLast(in HttpServer server, ref HttpConnection connection)
    {
        connection.IsLast = true;
        Begin(server, ref connection);
    }

    /// <summary>Begins to write the answer that is decided.</summary>
    public static void Begin(in HttpServer server, ref HttpConnection connection)
    {
        ref HttpAnswer answer = ref connection.Answer;
        connection.Shape = ShapeOf(connection);
        connection.IsLast |= connection.Shape == AnswerShape.UntilClose;
        if (answer.Status != HttpStatus.PartialContent)
        {
            connection.AnswerOffset = 0;
            connection.AnswerLeft = answer.Length;
        }

        server.State.Counters.Count(ClassOf(answer.Status));
        connection.IsAnswerBegun = false;
        connection.Phase = ConnectionPhase.Answer;
        ConnectionTimes.BeginWindow(server, ref connection);
    }

    public static bool Step<TApplication>(in HttpServer server, int index, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        if (!connection.IsAnswerBegun)
        {
            return TryWriteHead(server, index, ref application);
        }

        return connection.Shape switch
        {
            AnswerShape.Counted => FillCounted(server, index, ref application),
            AnswerShape.Chunked => FillStream(server, index, ref application, ChunkFrameBytes),
            AnswerShape.UntilClose => FillStream(server, index, ref application, frameBytes: 0),
            AnswerShape.Empty or AnswerShape.Sentence => Finish(server, ref connection),
            _ => Finish(server, ref connection),
        };
    }

    private static bool TryWriteHead<TApplication>(in HttpServer server, int index, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        if (!HasHeadRoom(server, index))
        {
            return false;
        }

        ByteWriter writer = new(Free(server, index, AnswerHead.BytesMax));
        if (!AnswerHead.TryWrite(server, ref writer, connection, ref application))
        {
            return Cut(server, ref connection);
        }

        connection.OutputEnd += writer.Length;
        connection.IsAnswerBegun = true;
        if (connection.IsHead)
        {
            connection.Shape = AnswerShape.Empty;
        }

        return true;
    }

    private static bool FillCounted<TApplication>(in HttpServer server, int index, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        ulong left = connection.AnswerLeft;
        if (left == 0)
        {
            return Finish(server, ref connection);
        }

        int least = left < IHttpApplication.FillBytesMin ? (int)left : IHttpApplication.FillBytesMin;
        Span<byte> room = Free(server, index, least);
        if (room.Length < least)
        {
            return false;
        }

        room = room.Slice(0, left < (ulong)room.Length ? (int)left : room.Length);
        int count = application.Fill(ref connection.Answer, server.State.Counters, connection.AnswerOffset, room, out _);
        if (count != room.Length)
        {
            return Cut(server, ref connection);
        }

        connection.OutputEnd += count;
        connection.AnswerOffset += (ulong)count;
        connection.AnswerLeft -= (ulong)count;
        return true;
    }

    private static bool FillStream<TApplication>(in HttpServer server, int index, ref TApplication application, int frameBytes)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        int least = IHttpApplication.FillBytesMin + frameBytes;
        Span<byte> room = Free(server, index, least);
        if (room.Length < least)
        {
            return false;
        }

        int most = room.Length - frameBytes;
        Span<byte> content = room.Slice(frameBytes == 0 ? 0 : ChunkHeadBytes, most < ChunkBytesMax ? most : ChunkBytesMax);
        int count = application.Fill(ref connection.Answer, server.State.Counters, connection.AnswerOffset, content, out bool isLast);
        if ((uint)count > (uint)content.Length || (count == 0 && !isLast))
        {
            return Cut(server, ref connection);
        }

        connection.AnswerOffset += (ulong)count;
        connection.OutputEnd += frameBytes == 0 ? count : Frame(room, count, isLast);
        return !isLast || Finish(server, ref connection);
    }

    // Puts size and line ends around content that lies where it will be sent from.
    private static int Frame(Span<byte> room, int count, bool isLast)
    {
        int length = 0;
        if (count != 0)
        {
            ByteWriter head = new(room);
            head.AddHex((ulong)count, SizeDigits);
            head.Add("\r\n"u8);
            length = head.Length + count;
            room[length] = Ascii.CarriageReturn;
            room[length + 1] = Ascii.LineFeed;
            length += 2;
        }

        ReadOnlySpan<byte> end = isLast ? "0\r\n\r\n"u8 : default;
        end.CopyTo(room.Slice(length, end.Length));
        return length + end.Length;
    }

    private static bool Finish(in HttpServer server, ref HttpConnection connection)
    {
        if (connection.IsLast)
        {
            ConnectionEnd.Begin(server, ref connection);
        }
        else
        {
            RequestInput.Await(server, ref connection);
        }

        return true;
    }

    // The client has been promised something else: all that is left is to let it see that the answer is broken.
    private static bool Cut(in HttpServer server, ref HttpConnection connection)
    {
        server.State.Counters.Count(HttpEvent.ApplicationFaults);
        connection.Phase = ConnectionPhase.Over;
        return false;
    }

    // The free end of the output buffer. What is pending moves to the front when there would be too little.
    private static Span<byte> Free(in HttpServer server, int index, int wanted)
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        Span<byte> output = server.Output(index);
        if (connection.OutputCount == 0 || output.Length - connection.OutputEnd < wanted)
        {
            ReadOnlySpan<byte> pending = output.Slice(connection.OutputStart, connection.OutputCount);
            pending.CopyTo(output.Slice(0, pending.Length));
            connection.OutputStart = 0;
            connection.OutputEnd = pending.Length;
        }

        return output.Slice(connection.OutputEnd, output.Length - connection.OutputEnd);
    }

    private static AnswerShape ShapeOf(in HttpConnection connection)
    {
        HttpAnswer answer = connection.Answer;
        if (HttpStatuses.IsWithoutContent(answer.Status))
        {
            return AnswerShape.Empty;
        }

        if (answer.Status >= HttpStatus.BadRequest)
        {
            return AnswerShape.Sentence;
        }

        return !answer.IsStreamed ? AnswerShape.Counted : connection.IsHttp11 ? AnswerShape.Chunked : AnswerShape.UntilClose;
    }

    private static HttpEvent ClassOf(HttpStatus status) => status switch
    {
        < HttpStatus.NotModified => HttpEvent.Successes,
        < HttpStatus.BadRequest => HttpEvent.Redirections,
        < HttpStatus.InternalError => HttpEvent.ClientErrors,
        _ => HttpEvent.ServerErrors,
    };
}
