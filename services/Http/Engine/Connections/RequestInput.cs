using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Reads heads of requests, and lets the application decide.</summary>
internal static class RequestInput
{
    /// <summary>Waits for the next head; it may have come already.</summary>
    public static void Await(in HttpServer server, ref HttpConnection connection)
    {
        HttpSettings settings = server.State.Settings;
        connection.Phase = ConnectionPhase.Head;
        connection.Scanner = default;
        connection.Deadline = server.Now + (connection.InputCount == 0 ? settings.IdleTime : settings.HeadTime);
    }

    public static bool Step<TApplication>(in HttpServer server, int index, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        if (!AnswerOutput.HasHeadRoom(server, index))
        {
            return false;
        }

        Span<byte> input = server.Input(index).Slice(connection.InputStart, connection.InputCount);
        RequestFault fault = connection.Scanner.Advance(input, server.State.Settings);
        if (fault == RequestFault.None && connection.Scanner.End == 0)
        {
            if (connection.IsPeerDone)
            {
                ConnectionEnd.Begin(server, ref connection);
            }

            return connection.IsPeerDone;
        }

        int start = connection.Scanner.Start;
        Span<byte> head = fault == RequestFault.None ? input.Slice(start, connection.Scanner.End - start) : default;
        RequestFacts facts = default;
        if (fault == RequestFault.None)
        {
            fault = HeadReader.Read(head, out facts);
        }

        if (fault != RequestFault.None)
        {
            AnswerOutput.Refuse(server, ref connection, fault);
            return true;
        }

        connection.InputStart += connection.Scanner.End;
        Decide(server, index, new HttpRequest(head, facts), facts, ref application);
        return true;
    }

    private static void Decide<TApplication>(
        in HttpServer server, int index, scoped in HttpRequest request, in RequestFacts facts, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref server.Pools.Connections[index];
        server.State.Counters.Count(HttpEvent.Requests);
        connection.Answer = default;
        connection.Fault = RequestFault.None;
        connection.IsHttp11 = facts.IsHttp11;
        connection.IsHead = request.Method == HttpMethod.Head;
        connection.IsLast = !facts.IsPersistent;
        connection.Framing = facts.Framing;
        connection.ContentLeft = facts.ContentLength;
        connection.ContentTaken = 0;
        connection.Chunks = default;
        application.Begin(request, ref connection.Answer);
        if (!connection.Answer.IsTaking)
        {
            AnswerConditions.Apply(request, ref connection);
        }

        connection.IsDiscarding = !connection.Answer.IsTaking;
        if (facts.Framing == ContentFraming.None)
        {
            ContentInput.Finish(server, ref connection, ref application);
            return;
        }

        ContentInput.Begin(server, index, facts.ExpectsContinue);
    }
}
