// Server-sent events from text that arrives in pieces (HTML Living Standard, 9.2.6). Our own, because
// EventSource cannot send the header of a token and gives up for ever on an answer that is not 200.

export interface Frame {
  event: string;
  data: string;
  id: string;
}

export class FrameReader {
  private rest = '';

  // The frames that are complete with this piece.
  read(piece: string): Frame[] {
    this.rest += piece.replace(/\r\n?/g, '\n');
    const frames: Frame[] = [];
    for (let end = this.rest.indexOf('\n\n'); end >= 0; end = this.rest.indexOf('\n\n')) {
      frames.push(parse(this.rest.slice(0, end)));
      this.rest = this.rest.slice(end + 2);
    }
    return frames;
  }
}

function parse(text: string): Frame {
  const frame: Frame = { event: 'message', data: '', id: '' };
  const data: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue; // a comment
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') frame.event = value;
    else if (name === 'id') frame.id = value;
  }
  frame.data = data.join('\n');
  return frame;
}
