namespace Atoll.Services.Switchboard;

/// <summary>How an end of a channel is.</summary>
public enum EndLook : byte
{
    /// <summary>The other end has not been made yet.</summary>
    Asking,

    /// <summary>Open.</summary>
    Open,

    /// <summary>The other end is gone, or there will be none.</summary>
    Over,
}

/// <summary>What a look at a line says.</summary>
public enum LineLook : byte
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The server has room for more.</summary>
    Room,

    /// <summary>The server is gone.</summary>
    Gone,
}

/// <summary>How a gift over a line ended.</summary>
public enum GiveOutcome : byte
{
    /// <summary>The server has it.</summary>
    Given,

    /// <summary>The server has not taken enough of those before: later.</summary>
    Later,

    /// <summary>The server is gone, or does not keep to what was agreed.</summary>
    Broken,
}

/// <summary>What a switchboard does with kernel, clients and servers. The directory it has a channel to, which its program reads and writes.</summary>
/// <remarks>Places: those of calls first (<see cref="Protocols.DirectoryLimits.Calls"/>), behind them those of arrivals.</remarks>
public interface IBoard
{
    /// <summary>Makes an end of a channel, to a core, by a name.</summary>
    /// <returns>False: the core has as many as it may.</returns>
    bool TryMake(uint place, uint core, ulong name);

    /// <summary>Looks how an end is.</summary>
    EndLook Look(uint place);

    /// <summary>Gives an end up.</summary>
    void Drop(uint place);

    /// <summary>Number of an end among those of this core.</summary>
    uint NumberOf(uint place);

    /// <summary>Whether somebody has an end, here or in a program.</summary>
    /// <param name="number">The number that it had.</param>
    /// <param name="name">What it is called.</param>
    bool IsHeld(uint number, ulong name);

    /// <summary>Makes the line to a server: its own end stays here, the other goes to who listens with <see cref="AnswerListener"/>.</summary>
    /// <returns>False: the core has as many ends as it may.</returns>
    bool TryMakeLine(uint listener);

    /// <summary>Answers who wants to listen.</summary>
    /// <param name="listener">Whose line goes along.</param>
    void AnswerListener(uint listener);

    /// <summary>Looks what the server says.</summary>
    /// <param name="listener">Whose.</param>
    /// <param name="room">With Room: for so many more.</param>
    LineLook LookAtLine(uint listener, out ulong room);

    /// <summary>Gives a line up.</summary>
    void DropLine(uint listener);

    /// <summary>Gives a server an end, and says who calls. If it is given, it is not here any more.</summary>
    GiveOutcome TryGive(uint listener, uint place, in Arrival arrival);

    /// <summary>Answers who has called. If all is well its end goes along, and is not here any more.</summary>
    void AnswerCaller(uint call, Protocols.ConnectAnswer answer);
}
