namespace Atoll.Services.Iperf;

/// <summary>What both ends of a test tell each other over its first connection, a byte each. Source: iperf 3.12, <c>src/iperf_api.h</c>.</summary>
internal static class TestState
{
    /// <summary>Server: clocks begin.</summary>
    internal const byte Start = 1;

    /// <summary>Server: bytes may be sent.</summary>
    internal const byte Running = 2;

    /// <summary>Client: that was all.</summary>
    internal const byte End = 4;

    /// <summary>Server: say what you want.</summary>
    internal const byte ExchangeParameters = 9;

    /// <summary>Server: open the streams.</summary>
    internal const byte CreateStreams = 10;

    /// <summary>Client: it gives up.</summary>
    internal const byte ClientTerminates = 12;

    /// <summary>Server: say what you have counted, and hear what the server has.</summary>
    internal const byte ExchangeResults = 13;

    /// <summary>Server: all is said.</summary>
    internal const byte DisplayResults = 14;

    /// <summary>Client: done.</summary>
    internal const byte Done = 16;

    /// <summary>Server, as a signed byte -1: another test is under way.</summary>
    internal const byte AccessDenied = 0xFF;

    /// <summary>Server, as a signed byte -2: it does not do that. Two numbers of four bytes follow, the second of the system.</summary>
    internal const byte ServerError = 0xFE;
}
