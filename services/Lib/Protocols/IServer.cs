namespace Atoll.Services.Lib;

/// <summary>What a server does besides answering. The generated interface of every protocol asks for it.</summary>
public interface IServer
{
    /// <summary>The time-stamp counter's value at which <see cref="Elapsed"/> is called; <see cref="Deadline.Never"/>: not at all.</summary>
    ulong NextDeadline { get; }

    /// <summary>The notification that is bound to the serving thread was signalled.</summary>
    /// <param name="bits">Badges of who signalled, in one word.</param>
    void Signalled(ulong bits);

    /// <summary><see cref="NextDeadline"/> has come.</summary>
    void Elapsed();
}

/// <summary>Reads what was asked, has the server do it, and writes the answer. Made for every protocol.</summary>
/// <typeparam name="TServer">The server.</typeparam>
public interface IDispatch<[AllowLinear] TServer>
    where TServer : struct, IServer
{
    /// <summary>Whether some question brings capabilities: only then may any come in.</summary>
    static abstract bool TakesCapabilities { get; }

    /// <summary>Handles one message.</summary>
    /// <returns>None; or why it is not answered.</returns>
    static abstract Refusal Handle(ref TServer server, ref Exchange exchange);
}
