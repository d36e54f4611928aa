using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Operations on objects of the kernel: a call whose label is the operation.</summary>
internal static class Operation
{
    /// <summary>Does one whose only answer is a result.</summary>
    internal static SystemResult Do(ulong address, ulong operation, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
        (SystemResult)Stubs.Call(address, MessageHeader.Of(operation, MessageHeader.RegisterWords).Raw, word0, word1, word2, word3).Result;

    /// <summary>Does one that answers with a word.</summary>
    internal static SystemResult Ask(ulong address, ulong operation, out ulong answer, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0)
    {
        CallAnswer reply = Stubs.Call(address, MessageHeader.Of(operation, MessageHeader.RegisterWords).Raw, word0, word1, word2, 0);
        answer = reply.Word0;
        return (SystemResult)reply.Result;
    }

    /// <summary>Does one that takes many steps, until it is done.</summary>
    internal static SystemResult DoAll(ulong address, ulong operation, ulong word0 = 0, ulong word1 = 0)
    {
        SystemResult result = Do(address, operation, word0, word1);
        while (result == SystemResult.Again)
        {
            result = Do(address, operation, word0, word1);
        }

        return result;
    }
}
