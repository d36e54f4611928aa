using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A message of up to four words: what is sent, and what came back.</summary>
public struct Message
{
    /// <summary>Label, and how many words.</summary>
    public MessageHeader Header;

    /// <summary>Who sent it: the badge of the sender's capability. Only in what was received.</summary>
    public ulong Badge;

    /// <summary>Word 0.</summary>
    public ulong Word0;

    /// <summary>Word 1.</summary>
    public ulong Word1;

    /// <summary>Word 2.</summary>
    public ulong Word2;

    /// <summary>Word 3.</summary>
    public ulong Word3;

    /// <summary>A message.</summary>
    public static Message Of(ulong label, uint words = 0, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) => new()
    {
        Header = MessageHeader.Of(label, words),
        Word0 = word0,
        Word1 = word1,
        Word2 = word2,
        Word3 = word3,
    };
}
