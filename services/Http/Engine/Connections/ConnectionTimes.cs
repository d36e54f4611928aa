namespace Atoll.Services.Http.Engine;

/// <summary>What happens to who is slow.</summary>
internal static class ConnectionTimes
{
    /// <summary>Begins to look at how many bytes move.</summary>
    public static void BeginWindow(in HttpServer server, ref HttpConnection connection)
    {
        connection.Deadline = server.Now + server.State.Settings.WindowTime;
        connection.WindowBytes = 0;
    }

    /// <summary>Does what is due.</summary>
    public static void Apply(in HttpServer server, ref HttpConnection connection)
    {
        if (server.Now < connection.Deadline)
        {
            return;
        }

        switch (connection.Phase)
        {
            case ConnectionPhase.Head:
                EndHead(server, ref connection);
                break;
            case ConnectionPhase.Content:
                if (IsMoving(server, ref connection))
                {
                    break;
                }

                AnswerOutput.Refuse(server, ref connection, RequestFault.TooSlow);
                break;
            case ConnectionPhase.Answer:
            case ConnectionPhase.Drain:
                if (IsMoving(server, ref connection))
                {
                    break;
                }

                server.State.Counters.Count(HttpEvent.SlowReaders);
                connection.Phase = ConnectionPhase.Over;
                break;
            case ConnectionPhase.Linger:
                connection.Phase = ConnectionPhase.Over;
                break;
            default:
                break;
        }
    }

    private static void EndHead(in HttpServer server, ref HttpConnection connection)
    {
        if (connection.InputCount != 0)
        {
            AnswerOutput.Refuse(server, ref connection, RequestFault.TooSlow);
            return;
        }

        server.State.Counters.Count(connection.OutputCount == 0 ? HttpEvent.IdleEnds : HttpEvent.SlowReaders);
        connection.Phase = ConnectionPhase.Over;
    }

    private static bool IsMoving(in HttpServer server, ref HttpConnection connection)
    {
        bool isMoving = connection.WindowBytes >= server.State.Settings.WindowBytesMin;
        BeginWindow(server, ref connection);
        return isMoving;
    }
}
