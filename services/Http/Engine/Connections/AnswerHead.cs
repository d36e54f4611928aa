using System;

namespace Atoll.Services.Http.Engine;

/// <summary>
/// Writes heads of answers. Source: RFC 9110, "Response Context", "Representation Data and Metadata"; RFC 9112, "Status Line".
/// </summary>
internal static class AnswerHead
{
    /// <summary>Bytes that a head with its sentence never exceeds.</summary>
    public const int BytesMax = 1536;
    private const int FieldBytesMax = 384;
    private const ulong Microseconds = 1_000_000;

    /// <summary>Writes the head, and the sentence of an answer that is one.</summary>
    /// <returns>False: the application added more fields than it may.</returns>
    public static bool TryWrite<TApplication>(
        in HttpServer server, ref ByteWriter to, in HttpConnection connection, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        HttpStatus status = connection.Answer.Status;
        WriteStatus(server, ref to, status);
        WriteContentFields(ref to, connection);
        if (status is HttpStatus.MethodNotAllowed or HttpStatus.NoContent && connection.Answer.Allowed != HttpMethod.None)
        {
            to.Add("Allow: "u8);
            HttpMethods.Write(ref to, connection.Answer.Allowed);
            to.Add("\r\n"u8);
        }

        to.Add(connection.IsLast ? "Connection: close\r\n"u8 : connection.IsHttp11 ? default : "Connection: keep-alive\r\n"u8);
        int before = to.Length;
        application.AddFields(connection.Answer, ref to);
        int added = to.Length - before;
        to.Add("\r\n"u8);
        if (connection.Shape == AnswerShape.Sentence && !connection.IsHead)
        {
            WriteSentence(ref to, status, connection.Fault);
        }

        return added <= FieldBytesMax && !to.IsCut;
    }

    /// <summary>Writes a whole answer to somebody who gets no place.</summary>
    public static void WriteRefusal(in HttpServer server, ref ByteWriter to, RequestFault fault)
    {
        HttpStatus status = RequestFaults.StatusOf(fault);
        server.State.Counters.Count(fault);
        WriteStatus(server, ref to, status);
        to.Add("Content-Type: text/plain; charset=utf-8\r\nContent-Length: "u8);
        to.Add((ulong)SentenceLength(status, fault));
        to.Add("\r\nConnection: close\r\n\r\n"u8);
        WriteSentence(ref to, status, fault);
    }

    private static void WriteStatus(in HttpServer server, ref ByteWriter to, HttpStatus status)
    {
        to.Add("HTTP/1.1 "u8);
        to.Add((ulong)status);
        to.Add((byte)' ');
        to.Add(HttpStatuses.PhraseOf(status));
        to.Add("\r\nServer: Atoll\r\n"u8);
        ulong epoch = server.State.Settings.EpochSeconds;
        if (epoch != 0)
        {
            to.Add("Date: "u8);
            HttpDate.Write(ref to, epoch + (server.Now / Microseconds));
            to.Add("\r\n"u8);
        }
    }

    private static void WriteContentFields(ref ByteWriter to, in HttpConnection connection)
    {
        HttpAnswer answer = connection.Answer;
        switch (connection.Shape)
        {
            case AnswerShape.Sentence:
                to.Add("Content-Type: text/plain; charset=utf-8\r\nContent-Length: "u8);
                to.Add((ulong)SentenceLength(answer.Status, connection.Fault));
                to.Add("\r\n"u8);
                break;
            case AnswerShape.Counted:
                WriteType(ref to, answer.Type);
                to.Add("Content-Length: "u8);
                to.Add(connection.AnswerLeft);
                to.Add("\r\nAccept-Ranges: bytes\r\n"u8);
                break;
            case AnswerShape.Chunked:
                WriteType(ref to, answer.Type);
                to.Add("Transfer-Encoding: chunked\r\n"u8);
                break;
            case AnswerShape.UntilClose:
                WriteType(ref to, answer.Type);
                break;
            case AnswerShape.Empty:
            default:
                break;
        }

        WriteRange(ref to, connection);
        WriteFreshness(ref to, answer);
    }

    private static void WriteRange(ref ByteWriter to, in HttpConnection connection)
    {
        HttpStatus status = connection.Answer.Status;
        if (status is not (HttpStatus.PartialContent or HttpStatus.RangeNotSatisfiable))
        {
            return;
        }

        to.Add("Content-Range: bytes "u8);
        if (status == HttpStatus.PartialContent)
        {
            to.Add(connection.AnswerOffset);
            to.Add((byte)'-');
            to.Add(connection.AnswerOffset + connection.AnswerLeft - 1);
        }
        else
        {
            to.Add((byte)'*');
        }

        to.Add((byte)'/');
        to.Add(connection.Answer.Length);
        to.Add("\r\n"u8);
    }

    private static void WriteFreshness(ref ByteWriter to, in HttpAnswer answer)
    {
        if (answer.Tag != 0 && answer.Status < HttpStatus.BadRequest)
        {
            to.Add("ETag: "u8);
            EntityTags.Write(ref to, answer.Tag);
            to.Add("\r\n"u8);
        }

        // What may be kept is asked for again each time, and is then mostly not sent again.
        to.Add(answer.IsMomentary ? "Cache-Control: no-store\r\n"u8 : answer.Tag != 0 ? "Cache-Control: no-cache\r\n"u8 : default);
    }

    private static void WriteType(ref ByteWriter to, ContentType type)
    {
        to.Add("Content-Type: "u8);
        to.Add(type switch
        {
            ContentType.Html => "text/html; charset=utf-8"u8,
            ContentType.Css => "text/css; charset=utf-8"u8,
            ContentType.JavaScript => "text/javascript; charset=utf-8"u8,
            ContentType.Json => "application/json"u8,
            ContentType.Svg => "image/svg+xml"u8,
            ContentType.Bytes => "application/octet-stream"u8,
            ContentType.Metrics => "text/plain; version=0.0.4; charset=utf-8"u8,
            ContentType.Text => "text/plain; charset=utf-8"u8,
            _ => "text/plain; charset=utf-8"u8,
        });
        to.Add("\r\n"u8);
    }

    private static int SentenceLength(HttpStatus status, RequestFault fault)
    {
        const int digits = 3;
        int cause = fault == RequestFault.None ? 0 : 2 + RequestFaults.SentenceOf(fault).Length;
        return digits + 1 + HttpStatuses.PhraseOf(status).Length + cause + 1;
    }

    // Such as "400 Bad Request: Host is missing".
    private static void WriteSentence(ref ByteWriter to, HttpStatus status, RequestFault fault)
    {
        to.Add((ulong)status);
        to.Add((byte)' ');
        to.Add(HttpStatuses.PhraseOf(status));
        if (fault != RequestFault.None)
        {
            to.Add(": "u8);
            to.Add(RequestFaults.SentenceOf(fault));
        }

        to.Add((byte)'\n');
    }
}
