using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>One operation on a kernel object: what the program asked, and what it hears.</summary>
/// <remarks>The words are the program's until <see cref="Answer"/> puts others in their place.</remarks>
public struct Invocation
{
    /// <summary>Label of the message: the operation's number.</summary>
    public ulong Operation;

    /// <summary>Word 0.</summary>
    public ulong Word0;

    /// <summary>Word 1.</summary>
    public ulong Word1;

    /// <summary>Word 2.</summary>
    public ulong Word2;

    /// <summary>Word 3.</summary>
    public ulong Word3;

    /// <summary>Words of the answer.</summary>
    public uint AnswerWords;

    /// <summary>What a thread asked, from its registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Invocation Of(ref readonly ThreadContext context) => new()
    {
        Operation = new MessageHeader(context.Rsi).Label,
        Word0 = context.Rdx,
        Word1 = context.R10,
        Word2 = context.R8,
        Word3 = context.R9,
    };

    /// <summary>Sets the words of the answer; those that it does not have are 0.</summary>
    public void Answer(uint words, ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        AnswerWords = words;
        Word0 = word0;
        Word1 = word1;
        Word2 = word2;
        Word3 = word3;
    }

    /// <summary>Puts result and words into the registers that the thread goes on with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Deliver(ref ThreadContext context, Outcome outcome)
    {
        context.Rax = (ulong)outcome.Result;
        context.Rdi = 0;
        if (outcome.IsOk && AnswerWords != 0)
        {
            DeliverWords(ref context);
            return;
        }

        context.Rsi = MessageHeader.Of(label: 0, outcome.IsOk ? 0U : 1).Raw;
        context.Rdx = outcome.IsOk ? 0 : outcome.Word;
        context.R10 = 0;
        context.R8 = 0;
        context.R9 = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void DeliverWords(ref ThreadContext context)
    {
        context.Rsi = MessageHeader.Of(label: 0, AnswerWords).Raw;
        context.Rdx = Word0;
        context.R10 = Word1;
        context.R8 = Word2;
        context.R9 = Word3;
    }
}
