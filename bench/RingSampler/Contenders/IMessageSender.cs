using Atoll.Abi;

namespace Atoll.RingSampler.Contenders;

/// <summary>The producer's end of a queue. A struct, so that each timed loop is compiled for one contender.</summary>
internal interface IMessageSender
{
    /// <summary>Sends one message, or says that there is no room.</summary>
    bool TrySend(ref readonly RingMessage message);
}
