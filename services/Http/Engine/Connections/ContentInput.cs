using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Reads the content of requests. Source: RFC 9112, "Message Body Length"; RFC 9110, "Expect".</summary>
internal static class ContentInput
{
    /// <summary>A head has announced content.</summary>
    /// <param name="server">The server.</param>
    /// <param name="index">The connection. Its answer is decided or waits for the content; there is room for the head of one.</param>
    /// <param name="isAsking">The client waits for a word before it sends.</param>
    public static void Begin(in HttpServer server, int index, bool isAsking)
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        bool isCounted = connection.Framing == ContentFraming.Length;
        if (connection.IsDiscarding && (isAsking || (isCounted && connection.ContentLeft > server.State.Settings.DiscardBytesMax)))
        {
            // Whether the content comes now is up to the client: nobody can tell it from the next request.
            AnswerOutput.BeginLast(server, ref connection);
            return;
        }

        if (!connection.IsDiscarding && isCounted && connection.ContentLeft > connection.Answer.ContentBytesMax)
        {
            AnswerOutput.Refuse(server, ref connection, RequestFault.ContentTooLarge);
            return;
        }

        connection.Phase = ConnectionPhase.Content;
        ConnectionTimes.BeginWindow(server, ref connection);
        if (isAsking)
        {
            AnswerOutput.WriteContinue(server, index);
        }
    }

    public static bool Step<TApplication>(in HttpServer server, int index, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        ReadOnlySpan<byte> input = server.Input(index).Slice(connection.InputStart, connection.InputCount);
        if (input.Length == 0 && connection.IsPeerDone)
        {
            // Half a request is none.
            connection.Phase = ConnectionPhase.Over;
            return true;
        }

        ChunkResult result = Read(ref connection, input, out int read, out int content);
        connection.InputStart += read;
        switch (result)
        {
            case ChunkResult.Content:
                return Take(server, ref connection, input.Slice(read - content, content), ref application);
            case ChunkResult.End:
                Finish(server, ref connection, ref application);
                return true;
            case ChunkResult.Malformed:
                AnswerOutput.Refuse(server, ref connection, RequestFault.ChunkMalformed);
                return true;
            case ChunkResult.TooLong:
                AnswerOutput.Refuse(server, ref connection, RequestFault.TrailerTooLarge);
                return true;
            case ChunkResult.More:
            default:
                return false;
        }
    }

    /// <summary>The content is complete, or there is none.</summary>
    public static void Finish<TApplication>(in HttpServer server, ref HttpConnection connection, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        if (!connection.IsDiscarding)
        {
            application.End(ref connection.Answer);
        }

        AnswerOutput.Begin(server, ref connection);
    }

    private static ChunkResult Read(ref HttpConnection connection, ReadOnlySpan<byte> input, out int read, out int content)
    {
        if (connection.Framing == ContentFraming.Chunked)
        {
            return connection.Chunks.Read(input, out read, out content);
        }

        content = (ulong)input.Length < connection.ContentLeft ? input.Length : (int)connection.ContentLeft;
        read = content;
        connection.ContentLeft -= (ulong)content;
        return content != 0 ? ChunkResult.Content : connection.ContentLeft == 0 ? ChunkResult.End : ChunkResult.More;
    }

    private static bool Take<TApplication>(
        in HttpServer server, ref HttpConnection connection, ReadOnlySpan<byte> content, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        connection.ContentTaken += (ulong)content.Length;
        connection.WindowBytes += (ulong)content.Length;
        if (connection.IsDiscarding)
        {
            if (connection.ContentTaken > server.State.Settings.DiscardBytesMax)
            {
                AnswerOutput.BeginLast(server, ref connection);
            }
        }
        else if (connection.ContentTaken > connection.Answer.ContentBytesMax)
        {
            AnswerOutput.Refuse(server, ref connection, RequestFault.ContentTooLarge);
        }
        else
        {
            application.Take(ref connection.Answer, content);
        }

        return true;
    }
}
