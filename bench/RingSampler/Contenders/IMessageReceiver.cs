using Atoll.Abi;

namespace Atoll.RingSampler.Contenders;

/// <summary>The consumer's end of a queue. A struct, so that each timed loop is compiled for one contender.</summary>
internal interface IMessageReceiver
{
    /// <summary>Takes the next message, or says that there is none.</summary>
    bool TryReceive(out RingMessage message);
}
