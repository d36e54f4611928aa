using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>A borrower's neighbours, when a page goes on from core to core.</summary>
[NonCopyable]
internal struct LoanChain
{
    /// <summary>To whoever gives it here; not given: the lender does.</summary>
    internal RingChannel Before;

    /// <summary>To whom it is given on; not given: this is the end.</summary>
    internal RingChannel Behind;
}
