namespace Atoll.Services.Suite;

/// <summary>What a worker does. "First" and "second" are the two slots that it is given.</summary>
internal enum Role : ulong
{
    /// <summary>The suite itself.</summary>
    Suite,

    /// <summary>Serves the first with the second as reply: answers a message with its first word plus one and its badge.</summary>
    Echo,

    /// <summary>As Echo, with all words of the message, each plus one.</summary>
    EchoAll,

    /// <summary>Receives from the first with the second as reply, and answers twice.</summary>
    AnswerTwice,

    /// <summary>Receives from the first with the second as reply, and never answers.</summary>
    Keep,

    /// <summary>As Keep, and counts for ever.</summary>
    KeepAndSpin,

    /// <summary>Sends four words to the first.</summary>
    Send,

    /// <summary>Calls the first.</summary>
    Call,

    /// <summary>Receives from the first: a message, or a signal.</summary>
    Receive,

    /// <summary>Signals the first.</summary>
    Signal,

    /// <summary>Counts for ever.</summary>
    Spin,

    /// <summary>Makes system calls for ever.</summary>
    Storm,

    /// <summary>Writes itself into the log and yields, as often as the first says.</summary>
    Yield,

    /// <summary>Waits so many hundred microseconds as the first says, at the second, and writes itself into the log.</summary>
    Sleep,

    /// <summary>Deletes what is in the first.</summary>
    Delete,

    /// <summary>Gives the thread in the first the priority in the second.</summary>
    Raise,

    /// <summary>Sends to the first for ever.</summary>
    Flood,

    /// <summary>Makes endpoints of the first, an untyped, into the CNode in the second, until it is refused.</summary>
    Exhaust,
}
