namespace Atoll.Services.Http.Engine;

/// <summary>How a connection ends: the answer goes out, then the peer's end is waited for. Source: RFC 9112, "Tear-down".</summary>
internal static class ConnectionEnd
{
    /// <summary>Nothing more will be written.</summary>
    public static void Begin(in HttpServer server, ref HttpConnection connection)
    {
        connection.Phase = ConnectionPhase.Drain;
        ConnectionTimes.BeginWindow(server, ref connection);
    }

    public static bool Step(in HttpServer server, ref HttpConnection connection)
    {
        connection.InputStart = 0;
        connection.InputEnd = 0;
        if (connection.OutputCount != 0)
        {
            return false;
        }

        if (connection.IsPeerDone)
        {
            connection.Phase = ConnectionPhase.Over;
        }
        else if (connection.Phase == ConnectionPhase.Drain)
        {
            connection.Phase = ConnectionPhase.Linger;
            connection.Deadline = server.Now + server.State.Settings.LingerTime;
        }

        return false;
    }
}
