namespace Atoll.Remote;

/// <summary>What a holder asks of a home: a program of its calls your endpoint, sends to it, or asks your thread. Untrusted until <see cref="RemoteState.TakeCall"/> has compared it.</summary>
public struct RemoteCall
{
    /// <summary>Most bits of a label: label, words and both numbers go in one message.</summary>
    public const int LabelBits = 32;

    /// <summary>Number of the export at home.</summary>
    public uint HomeNumber;

    /// <summary>Number of the caller's record, below <see cref="RemoteState.CallsMax"/>.</summary>
    public uint Number;

    /// <summary>Whether it awaits an answer; else it is done when it was received.</summary>
    public bool IsCall;

    /// <summary>Whether it waits for a receiver.</summary>
    public bool MayWait;

    /// <summary>Header of the message: at most four words, no capability, and a label of at most <see cref="LabelBits"/>.</summary>
    public ulong Header;

    /// <summary>Word 0.</summary>
    public ulong Word0;

    /// <summary>Word 1.</summary>
    public ulong Word1;

    /// <summary>Word 2.</summary>
    public ulong Word2;

    /// <summary>Word 3.</summary>
    public ulong Word3;
}

/// <summary>What a home makes of a call.</summary>
[MustUse]
public enum TakenCall : byte
{
    /// <summary>It waits for a receiver or an answer. It will be answered.</summary>
    Taken,

    /// <summary>So many calls wait already: the caller may try again.</summary>
    Full,

    /// <summary>The holder has no such endpoint or thread, or no more.</summary>
    Dead,

    /// <summary>It asks a thread, which its kernel does at once; then it is answered.</summary>
    Asks,

    /// <summary>It breaks the rules: nobody waits for an answer.</summary>
    Wrong,
}
