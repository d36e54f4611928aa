using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a <see cref="ChannelInquiry"/> knows, in the memory that its program gives it.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
internal struct InquiryPlace
{
    /// <summary>Bytes of it: a message, the end, and what is known of both.</summary>
    internal const int SizeBytes = 1152;

    /// <summary>The end.</summary>
    internal RingChannel Channel;

    /// <summary>What has come of the answer: it comes in pieces, between which others use the thread's message buffer.</summary>
    internal MessageWords Words;

    /// <summary>Which pieces these are.</summary>
    internal MessageAssembly Answer;

    /// <summary>Number of the question.</summary>
    internal uint Number;

    /// <summary>Whether it is asked, and not answered.</summary>
    internal bool IsAsked;
}
