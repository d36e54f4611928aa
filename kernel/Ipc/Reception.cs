using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>What an instance does with what comes in on a link.</summary>
/// <inheritdoc cref="ILinkHolder{TState}"/>
/// <typeparam name="TState">All that the instance knows.</typeparam>
/// <typeparam name="TPlace">What it knows of one link, the link itself in it.</typeparam>
public interface ILinkReader<[AllowLinear] TState, [AllowLinear] TPlace>
    where TState : struct
    where TPlace : struct
{
    /// <summary>The link at a place.</summary>
    static abstract ref Link LinkOf(ref TPlace place);

    /// <summary>Messages to take from one link before the next link has its turn.</summary>
    static abstract int ReceiveBudget(ref readonly TState state);

    /// <summary>Deals with a message for the layer above the link. Untrusted.</summary>
    static abstract void Deliver(ref TState state, ref TPlace place, in LinkMessage message);

    /// <summary>The peer has died or has closed the link: exactly once for each link, and nothing is delivered from it after.</summary>
    static abstract void Lose(ref TState state, uint position, ref TPlace place);
}

/// <summary>What one turn takes from one link.</summary>
public static class Reception
{
    /// <summary>Looks at a link, and deals with what is there.</summary>
    /// <remarks>
    /// Blocks: as the reader does; a coordinator that loses a link waits for the core to stop. Looking (nearly always in vain) is
    /// apart from the loop that takes messages: a branch that both shared would be foreseen wrongly (docs/benchmarks.md).
    /// </remarks>
    /// <param name="state">The instance.</param>
    /// <param name="position">Number of the place.</param>
    /// <param name="place">The place.</param>
    /// <returns>Whether there was anything.</returns>
    public static bool Turn<TMemory, TReader, [AllowLinear] TState, [AllowLinear] TPlace>(ref TState state, uint position, ref TPlace place)
        where TMemory : ISharedMemory
        where TReader : ILinkReader<TState, TPlace>
        where TState : struct
        where TPlace : struct
    {
        if (!TReader.LinkOf(ref place).HasNews<TMemory>())
        {
            return false;
        }

        Drain<TMemory, TReader, TState, TPlace>(ref state, position, ref place);
        return true;
    }

    private static void Drain<TMemory, TReader, [AllowLinear] TState, [AllowLinear] TPlace>(ref TState state, uint position, ref TPlace place)
        where TMemory : ISharedMemory
        where TReader : ILinkReader<TState, TPlace>
        where TState : struct
        where TPlace : struct
    {
        int budget = TReader.ReceiveBudget(in state);
        for (int taken = 0; taken < budget; taken++)
        {
            LinkReceiveResult result = TReader.LinkOf(ref place).TryReceive<TMemory>(out LinkMessage message);
            if (result == LinkReceiveResult.Message)
            {
                TReader.Deliver(ref state, ref place, in message);
            }
            else if (result == LinkReceiveResult.Empty)
            {
                return;
            }
            else if (result == LinkReceiveResult.PeerDied)
            {
                TReader.Lose(ref state, position, ref place);
                return;
            }
        }
    }
}
