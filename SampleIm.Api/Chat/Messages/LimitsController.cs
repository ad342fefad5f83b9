using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleIm.Api.Chat.Files;

namespace SampleIm.Api.Chat.Messages;

[ApiController]
[Route("api/limits")]
[Tags("Limits")]
public sealed class LimitsController(IOptions<MessageOptions> messages, IOptions<ImageOptions> images) : ControllerBase
{
    /// <summary>What this server takes at most.</summary>
    /// <remarks>It changes only when the server is started with other settings.</remarks>
    /// <response code="200">The limits.</response>
    [HttpGet(Name = "GetLimits")]
    [ProducesResponseType<LimitsResponse>(200)]
    public IActionResult Get() => Ok(new LimitsResponse(
        new MessageLimits(messages.Value.MaxLength), new ImageLimits(images.Value.MaxBytes, images.Value.MaxPixels)));
}
